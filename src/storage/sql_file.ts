/** Reads a SQL file that the user names on the command line. */

import { sep } from "node:path";
import { MigError } from "../error.ts";
import { decodeSql } from "../sql/decode.ts";
import { linkTarget, readBytes } from "./files.ts";
import { LARGEST_TEXT } from "../revision/large_text.ts";
import { tooLarge } from "./texts.ts";

/** How much of standard input is wanted, in bytes: more is refused. */
export const LARGEST_INPUT = LARGEST_TEXT + 1;

/**
 * The text that came by standard input.
 * @throws {MigError} `file-failed` when there is none, `sql-unreadable` when it is not UTF-8
 */
export function decodeSqlInput(bytes: Uint8Array): string {
  if (bytes.length > LARGEST_TEXT) throw tooLarge("standard input", bytes.length);
  const text = decodeSql(bytes, "standard input");
  if (text.trim() !== "") return text;
  // As after `pg_dump … | mig new …`, where pg_dump failed: it would be a revision that does nothing.
  throw new MigError("file-failed", "nothing came by standard input", {
    hint: "see what the command before the pipe says",
  });
}

/** What to do about a path that stands as Windows writes it, elsewhere. */
export function slashHint(path: string, separator = sep): string[] {
  return separator === "/" && path.includes("\\")
    ? [`only Windows separates folders by "\\": write ${path.replaceAll("\\", "/")}`]
    : [];
}

/**
 * The text of a file.
 * @param path from the working folder
 * @param input whether that may stand in the file's place, as a hint says
 * @throws {MigError} `file-failed`, or `sql-unreadable` when it is not UTF-8
 */
export function readSqlFile(
  path: string,
  input: "or standard input" | "no standard input" = "no standard input",
): string {
  if (linkTarget(path) === "nothing") {
    throw new MigError("file-failed", `cannot read "${path}": it is not there`, {
      hint: [
        `name a SQL file by its path from this folder${
          input === "or standard input" ? ", or - for standard input" : ""
        }`,
        ...slashHint(path),
      ],
    });
  }
  const content = readBytes(path, LARGEST_TEXT);
  if (typeof content === "number") throw tooLarge(path, content);
  return decodeSql(content, path);
}
