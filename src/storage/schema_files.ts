/** The SQL files of a schema: one, or a folder of them. */

import { existsSync, readdirSync, statSync } from "node:fs";
import { sep } from "node:path";
import { MigError } from "../error.ts";
import { withoutTrailingSlash } from "./chain.ts";
import { readSqlFile, slashHint } from "./sql_file.ts";

/**
 * Reads them, in the order of their paths.
 *
 * @returns null where the text names no file and does not look like one either
 * @throws {MigError} `file-failed`, `sql-unreadable`
 */
export function readSchemaFiles(path: string): { readonly path: string; readonly text: string }[] | null {
  if (!existsSync(path)) {
    if (!/[/\\]|\.sql$/.test(path)) return null;
    throw new MigError("file-failed", `there is no file or folder ${path}`, {
      hint: ["name a SQL file that makes the schema, or a folder of such files", ...slashHint(path)],
      data: { missing: true },
    });
  }
  if (!statSync(path).isDirectory()) return [{ path, text: readSqlFile(path) }];
  const files = readdirSync(path, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll(sep, "/"))
    .filter((file) => file.endsWith(".sql")).sort()
    .map((file) => `${withoutTrailingSlash(path)}/${file}`);
  if (files.length > 0) return files.map((file) => ({ path: file, text: readSqlFile(file) }));
  throw new MigError("file-failed", `there is no .sql file in ${path}`, {
    hint: "a folder's files are run in the order of their paths",
  });
}
