/** Chooses the environment of mig.json. */

import { closest } from "../../closest.ts";
import { MigError } from "../../error.ts";
import { fromFlag, fromVariables, type Sources } from "./lookup.ts";
import { originPlaces, originText, type Setting } from "./setting.ts";

/**
 * The environment that `--env` or MIG_ENV names; null where neither does.
 * @throws {MigError} `config-invalid` when mig.json does not have it
 */
export function chooseEnvironment(sources: Sources): Setting<string | null> {
  const chosen = fromFlag(sources, "env") ?? fromVariables(sources, ["MIG_ENV"]);
  if (chosen === undefined) return { value: null, origin: { kind: "default" } };
  const { file } = sources;
  const environments = file?.config.environments ?? {};
  if (Object.hasOwn(environments, chosen.value)) return chosen;
  const names = Object.keys(environments);
  const near = closest(chosen.value, names);
  const from = originText(chosen.origin);
  const message = file === null
    ? `${from} names the environment "${chosen.value}", and there is no mig.json to have it`
    : `${from} names the environment "${chosen.value}", which ${file.path} does not have`;
  throw new MigError("config-invalid", message, {
    hint: near !== undefined
      ? `did you mean "${near}"?`
      : names.length > 0
      ? `the environments are ${names.join(", ")}`
      : `put {"environments": {"${chosen.value}": {"database": "…"}}} into mig.json`,
    locations: originPlaces(chosen.origin),
  });
}
