/** Reads the setting `database`: a server, or the embedded database. */

import { isAbsolute, resolve } from "node:path";
import { MigError } from "../../error.ts";
import { EMBEDDED, embeddedPath, MEMORY } from "../../library/choose_database.ts";
import type { DatabaseChoice } from "../../library/open_database.ts";
import type { Surroundings } from "../../postgres/parameters.ts";
import { systemSurroundings } from "../../postgres/surroundings.ts";
import { describe, parseDatabaseUrl } from "../../postgres/url.ts";
import { baseOf, type Config } from "./config.ts";
import { isCutAtHash } from "./dotenv.ts";
import { filledIn, VARIABLES } from "./lookup.ts";
import { originPlaces, originText, type Setting } from "./setting.ts";
import { pathFrom } from "./text.ts";

/**
 * The database of the settings.
 *
 * @param around where libpq's defaults come from; by default this process, with the environment of the settings
 * @throws {MigError} `url-invalid`, or `config-invalid` for a variable that is not set; never with a password
 */
export function chooseDatabase(
  config: Config,
  around: Surroundings = systemSurroundings(config.sources.env),
): DatabaseChoice {
  if (config.database.origin.kind === "default") refuseGuess(config);
  const setting = { value: config.database.value.reveal(), origin: config.database.origin };
  const url = filledIn(config.sources, "database", setting).trim();
  try {
    if (url.startsWith(EMBEDDED)) return chooseEmbedded(config, url);
    return { kind: "server", parameters: parseDatabaseUrl(url, around) };
  } catch (error) {
    throw error instanceof MigError ? withOrigin(error, config) : error;
  }
}

/** The database for people: `postgres://…` without a password, `pglite:.mig/pglite`, `pglite::memory:`. */
export function databaseText(choice: DatabaseChoice): string {
  return choice.kind === "server" ? describe(choice.parameters) : `${EMBEDDED}${choice.path ?? MEMORY}`;
}

function chooseEmbedded(config: Config, url: string): DatabaseChoice {
  const path = embeddedPath(url);
  if (path === null || isAbsolute(path)) return { kind: "embedded", path };
  const { folder, sources: { cwd } } = config;
  return {
    kind: "embedded",
    path: pathFrom(cwd, resolve(baseOf(config.database.origin, folder, cwd), path)),
  };
}

/** The embedded database is for those who named none, not for those whose database did not arrive. */
function refuseGuess({ environment, sources: { env } }: Config): void {
  const empty = VARIABLES.database.find((name) => env[name] === "");
  if (empty !== undefined) {
    throw new MigError(
      "config-invalid",
      `${empty} is set but empty, so which database is meant is not known`,
      {
        hint: [
          "give it a URL: in CI, is the secret there for this branch and this job?",
          `for the embedded database, unset it, or name it: ${empty}=pglite:.mig/pglite`,
        ],
      },
    );
  }
  if (environment.value !== null) {
    throw new MigError("config-invalid", `the environment "${environment.value}" names no database`, {
      locations: originPlaces(environment.origin),
      hint: `give it one in mig.json: "${environment.value}": { "database": "\${…_URL}" }`,
    });
  }
}

/** Adds where the URL was written, without its text. */
function withOrigin(error: MigError, { database, sources }: Config): MigError {
  const { origin } = database as Setting<unknown>;
  const cut = origin.kind === "variable" && origin.path !== undefined &&
    isCutAtHash(sources.dotenv!, origin.name);
  return new MigError(error.code, `${error.message} (${originText(origin)})`, {
    hint: [
      ...(cut ? [`in .env a # ends a value without quotes: put the URL in double quotes`] : []),
      ...error.hints,
    ],
    locations: [...error.locations, ...originPlaces(origin)],
    data: error.data,
    cause: error.cause,
  });
}
