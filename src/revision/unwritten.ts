/** What `mig new` writes into a SQL file for a person to replace, and whether that was done. */

import type { Direction } from "./revision.ts";

/** The texts of new files, where the project has no templates of its own. */
export const UNWRITTEN: Readonly<Record<Direction, string>> = {
  up: `-- Write here the SQL that makes the change, each statement with a semicolon.
-- mig runs the file in one transaction: all of it takes effect, or nothing. For a statement that PostgreSQL
-- refuses there, such as CREATE INDEX CONCURRENTLY, make "-- mig: no-transaction" the first line of this file.
`,
  down: `-- Write here the SQL that takes the change back, in the reverse order of up.sql.
-- Where there is no way back, delete this file: mig then knows that the revision is irreversible.
`,
};

/** Whether a file is still as `mig new` wrote it. Run like that, it would be recorded, and nothing would have happened. */
export function isUnwritten(text: string, direction: Direction): boolean {
  return text.replaceAll("\r\n", "\n").trim() === UNWRITTEN[direction].trim();
}
