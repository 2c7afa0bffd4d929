/** A SQL file, read: its directives and its statements. */

import { readDirectives } from "./directives.ts";
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
  const { statements, directives } = splitText(text, path);
  const place = (offset: number, length: number) => locate(text, offset, path, length);
  return { text, statements, directives: readDirectives(directives, statements[0]?.start, path, place) };
}
