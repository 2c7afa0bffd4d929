/** Reads `host=localhost dbname=app`, libpq's other form (manual, "Keyword/Value Connection Strings"). */

import { MigError } from "../error.ts";
import { isKeyword, type Keywords, unknownKeyword, type Written } from "./keywords.ts";

/** Whether the text begins like `keyword = value`; libpq writes its keywords in small letters. */
export function isConnectionString(text: string): boolean {
  return /^\s*[a-z]\w*\s*=/.test(text);
}

/**
 * The keywords that a connection string sets. A value with spaces stands in single quotes; a backslash takes away the
 * meaning of the character after it, inside quotes and outside.
 * @throws {MigError} `url-invalid`
 */
export function readConnectionString(text: string): Keywords {
  const keywords = new Map<string, Written>();
  const pair =
    /\s*(?:([^\s=]+)\s*=\s*(?:'((?:[^'\\]|\\[^])*)'(?=\s|$)|((?:[^\s'\\]|\\[^])(?:[^\s\\]|\\[^])*)?(?=\s|$)))\s*/y;
  let unquotedPassword = false;
  while (pair.lastIndex < text.length) {
    const found = pair.exec(text);
    if (found === null) throw malformed(unquotedPassword);
    const [, name = "", quoted, bare] = found;
    if (!isKeyword(name)) {
      // What follows a password without quotes may be the rest of that password.
      if (unquotedPassword || !/^\w{1,40}$/.test(name)) throw malformed(unquotedPassword);
      throw unknownKeyword(name);
    }
    // A lost space: what follows would be shown as part of a name.
    if (SHOWN.has(name) && bare?.includes("=")) throw malformed(unquotedPassword);
    if (name === "password" && quoted === undefined) unquotedPassword = true;
    const value = (quoted ?? bare ?? "").replace(/\\([^])/g, "$1");
    keywords.set(name, { value, from: "the database URL" });
  }
  return keywords;
}

const SHOWN = new Set(["host", "user", "dbname"]);

function malformed(unquotedPassword: boolean): MigError {
  const quote = "put a value that has spaces or quotes in single quotes: password='my \\'secret\\''";
  return new MigError("url-invalid", "the database URL is not a list of keyword=value pairs", {
    hint: unquotedPassword
      ? [quote]
      : ["write host=localhost dbname=app, or postgres://localhost/app", quote],
  });
}
