/** What stands for an embedded database that nobody has made yet: none is to appear because a path was mistyped. */

import { readdirSync } from "node:fs";
import type { Command } from "../commands/command.ts";
import { MigError } from "../error.ts";
import type { DatabaseChoice } from "../library/open_database.ts";
import { databaseText } from "./config/database.ts";

/**
 * The database to open where this one is not there yet: itself, to be made, or an empty one in memory.
 *
 * @param isNamed whether somebody has named it: nothing is told of making the one that is there by default
 * @param tell gets a sentence where it is made, or another one
 * @throws {MigError} `database-missing`
 */
export function standInFor(
  choice: DatabaseChoice,
  missing: Command["missingDatabase"],
  isNamed: boolean,
  tell: (line: string) => void,
): DatabaseChoice {
  if (choice.kind === "server" || choice.path === null || isThere(choice.path)) return choice;
  const name = databaseText(choice);
  if (missing === "make") {
    if (isNamed) tell(`${name} is not there yet: making it`);
    return choice;
  }
  if (missing === "refuse") {
    throw new MigError("database-missing", `there is no embedded database in "${choice.path}"`, {
      hint: ["is the path the right one?", "`mig up` with the same settings makes it"],
    });
  }
  tell(`${name} is not there yet, so this is about an empty database; \`mig up\` makes it`);
  return { kind: "embedded", path: null };
}

/** What is in the folder is none of our business here: an empty one has no database either. */
function isThere(folder: string): boolean {
  try {
    return readdirSync(folder).length > 0;
  } catch (error) {
    return (error as { code?: string }).code !== "ENOENT";
  }
}
