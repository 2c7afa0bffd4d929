/** Reads libpq's service file: named groups of keywords (manual, "The Connection Service File"). */

import { closest } from "../closest.ts";
import { MigError } from "../error.ts";
import { isKeyword, type Keywords, type Written } from "./keywords.ts";

/**
 * The keywords of one service; undefined where the file does not have it.
 *
 * @param text the file's text
 * @param path the file, for errors
 * @throws {MigError} `url-invalid` for a line that libpq would refuse; the line itself is not shown, it may be a password
 */
export function readService(text: string, path: string, name: string): Keywords | undefined {
  let keywords: Map<string, Written> | undefined;
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("[")) {
      if (keywords !== undefined) return keywords;
      if (line === `[${name}]`) keywords = new Map();
      continue;
    }
    if (keywords === undefined) continue;
    const at = line.indexOf("=");
    const keyword = line.slice(0, at).trim();
    if (at < 0 || !isKeyword(keyword) || keyword === "service" || keyword === "servicefile") {
      throw new MigError("url-invalid", `service "${name}" has a line that is not a connection parameter`, {
        locations: [{ path, line: index + 1 }],
        hint: "write keyword=value, e.g. host=localhost",
      });
    }
    keywords.set(keyword, { value: line.slice(at + 1).trim(), from: `service "${name}"` });
  }
  return keywords;
}

/** The error for a service that no file has. */
export function serviceMissing(name: string, files: readonly { path: string; text: string }[]): MigError {
  const names = files.flatMap(({ text }) =>
    [...text.matchAll(/^\s*\[(.+)\]\s*$/gm)].map((match) => match[1]!)
  );
  const near = closest(name, names);
  const places = files.map(({ path }) => path).join(" and ");
  return new MigError("url-invalid", `there is no service "${name}"${places === "" ? "" : ` in ${places}`}`, {
    hint: near !== undefined
      ? `did you mean "${near}"?`
      : names.length > 0
      ? `the services are ${names.join(", ")}`
      : "put it into ~/.pg_service.conf, or name another file as PGSERVICEFILE",
  });
}
