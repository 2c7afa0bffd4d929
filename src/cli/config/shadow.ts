/** Reads the settings of the shadow. */

import { MigError } from "../../error.ts";
import type { ConnectionParameters, Surroundings } from "../../postgres/parameters.ts";
import { systemSurroundings } from "../../postgres/surroundings.ts";
import { parseDatabaseUrl } from "../../postgres/url.ts";
import type { Config } from "./config.ts";
import { filledIn } from "./lookup.ts";
import { originPlaces, originText } from "./setting.ts";

/**
 * The server on which the shadow is a scratch database; null for an embedded shadow.
 *
 * @throws {MigError} `url-invalid`, or `config-invalid` for a variable that is not set; never with a password
 */
export function shadowServer(
  { shadowUrl: { value, origin }, sources }: Config,
  around: Surroundings = systemSurroundings(sources.env),
): ConnectionParameters | null {
  if (value === null) return null;
  const url = filledIn(sources, "shadow_url", { value: value.reveal(), origin }).trim();
  try {
    return parseDatabaseUrl(url, around);
  } catch (error) {
    if (!(error instanceof MigError)) throw error;
    throw new MigError(error.code, `${error.message} (${originText(origin)})`, {
      hint: error.hints,
      locations: [...error.locations, ...originPlaces(origin)],
      data: error.data,
      cause: error.cause,
    });
  }
}
