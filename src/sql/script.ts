/** A SQL file, read: its directives and its statements. */

import { readDirectives } from "./directives.ts";
import { withoutOwnTransactions } from "./large_object_dump.ts";
import { locate } from "./source.ts";
import { splitText } from "./splitter.ts";
import type { SqlScript } from "./statement.ts";

/**
 * Reads a SQL file.
 *
 * @param text decoded, see `decodeSql()`
 * @param path the file, for errors
 * @throws {MigError} `sql-unreadable`, `sql-refused` or `directive-invalid`
 */
export function parseScript(text: string, path: string): SqlScript {
  const split = splitText(text, path);
  const place = (offset: number, length: number) => locate(text, offset, path, length);
  const directives = readDirectives(split.directives, split.statements[0]?.start, path, place);
  const statements = directives.transaction
    ? [...withoutOwnTransactions(split.statements)]
    : split.statements;
  return { text, statements, directives };
}
