/** Reads connection URIs as libpq does (manual, "Connection URIs"): not as web addresses, which differ in many ways. */

import { MigError } from "../error.ts";
import { isKeyword, type Keywords, unknownKeyword, type Written } from "./keywords.ts";

const FROM = "the database URL";

/** How a password is written in a URL, for the hints. */
export const ENCODE_PASSWORD =
  "percent-encode what is special in the password: % as %25, @ as %40, / as %2F, : as %3A, ? as %3F, # as %23";

/** The length of `postgres://` or `postgresql://` at the text's start; 0 where it is no connection URI. */
export function uriPrefixLength(text: string): number {
  return /^postgres(?:ql)?:\/\//.exec(text)?.[0].length ?? 0;
}

/**
 * The keywords that a connection URI sets. No error repeats a piece of the text that may belong to a password which
 * was not percent-encoded: such a password moves the borders between the parts.
 * @throws {MigError} `url-invalid`
 */
export function readUri(text: string): Keywords {
  const rest = text.slice(uriPrefixLength(text));
  const keywords = new Map<string, Written>();
  // As libpq: an @ before the first slash ends user and password, even after a question mark.
  const login = /^([^/@]*)@/.exec(rest)?.[1];
  if (login !== undefined) readLogin(login, keywords);
  const authority = rest.slice(login === undefined ? 0 : login.length + 1);
  const afterHosts = readHosts(authority, keywords);
  const [path, query] = splitAt(authority.slice(afterHosts), "?");
  if (path.includes("@")) throw strayAt();
  // libpq takes these as part of the name; it is always a lost question mark, and the name would be shown.
  if (/[=&]/.test(path)) {
    throw invalid(`${FROM} has parameters that do not begin with "?"`, [
      "write them as in postgres://HOST/DATABASE?sslmode=require",
      "write a = or & in the database's name as %3D or %26",
    ]);
  }
  if (path.length > 1) set(keywords, "dbname", decode(path.slice(1), "database name"));
  if (query !== undefined) readQuery(query, keywords);
  return keywords;
}

function readLogin(login: string, keywords: Map<string, Written>): void {
  const [user, password] = splitAt(login, ":");
  if (user.includes("?")) throw strayAt();
  if (user !== "") set(keywords, "user", decode(user, "user"));
  if (password) set(keywords, "password", decode(password, "password"));
}

/** Reads `host:port,host:port`; gives where they end. */
function readHosts(text: string, keywords: Map<string, Written>): number {
  const hosts: string[] = [];
  const ports: string[] = [];
  let at = 0;
  do {
    const bracketed = text[at] === "[";
    const host = bracketed ? /\[([^\]/?]*)\](?=[:/?,]|$)/y : /([^:/?,]*)/y;
    host.lastIndex = at;
    const found = host.exec(text);
    if (found === null || (bracketed && found[1] === "")) {
      throw invalid(`${FROM} has a "[" without an IPv6 address and a "]" after it`, [
        "write an IPv6 address as [::1]",
        ENCODE_PASSWORD,
      ]);
    }
    at += found[0].length;
    const port = /(?::([^/?,]*))?/y;
    port.lastIndex = at;
    const digits = port.exec(text)!;
    at += digits[0].length;
    if (found[0].includes("@") || digits[0].includes("@")) throw strayAt();
    hosts.push(decode(found[1]!, "host"));
    ports.push(decode(digits[1] ?? "", "port"));
  } while (text[at++] === ",");
  if (hosts.join(",") !== "") set(keywords, "host", hosts.join(","));
  if (ports.join(",") !== "") set(keywords, "port", ports.join(","));
  return at - 1;
}

function readQuery(query: string, keywords: Map<string, Written>): void {
  let afterPassword = false;
  for (const part of query.split("&")) {
    if (part === "") continue;
    const [rawName, rawValue] = splitAt(part, "=");
    const name = decode(rawName, "parameter's name");
    const known = isKeyword(name) || (name === "ssl" && rawValue === "true");
    // An unknown name may be a piece of a password: after a ? with the @ still to come, or after a & in one.
    if (!known && query.includes("@")) throw strayAt();
    if (!known && (afterPassword || !/^\w{1,40}$/.test(name))) {
      throw invalid(`${FROM} has an unknown parameter`, [
        ENCODE_PASSWORD,
        "write a & that means itself as %26",
      ]);
    }
    if (!known) throw unknownKeyword(name);
    if (rawValue === undefined) {
      throw invalid(`${FROM} has a parameter "${name}" without a value`, `write ${name}=VALUE`);
    }
    if (name === "ssl") set(keywords, "sslmode", "require");
    else set(keywords, name, decode(rawValue, `value of ${name}`));
    afterPassword ||= name.endsWith("password");
  }
}

function set(keywords: Map<string, Written>, name: string, value: string): void {
  keywords.set(name, { value, from: FROM });
}

function splitAt(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function decode(text: string, part: string): string {
  const stray = /%(?![0-9A-Fa-f]{2})/.test(text);
  if (stray) {
    throw invalid(
      `the ${part} in the database URL has a % without two hexadecimal digits after it`,
      part === "password" ? ENCODE_PASSWORD : "write a % that means itself as %25",
    );
  }
  let decoded: string;
  try {
    decoded = decodeURIComponent(text);
  } catch {
    throw invalid(
      `the ${part} in the database URL is not UTF-8`,
      "percent-encode the bytes of its UTF-8 form, e.g. é as %C3%A9",
    );
  }
  if (decoded.includes("\0")) {
    throw invalid(`the ${part} in the database URL has a zero byte`, "remove the %00");
  }
  return decoded;
}

function strayAt(): MigError {
  return invalid(`${FROM} has an "@" where none can be`, [
    ENCODE_PASSWORD,
    "write any other @ as %40",
  ]);
}

function invalid(message: string, hint: string | readonly string[]): MigError {
  return new MigError("url-invalid", message, { hint });
}
