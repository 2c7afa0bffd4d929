/** Keeps the values of variables, which may be secrets, out of what the server says of a statement. */

import type { SqlScript } from "../sql/statement.ts";

/** A shorter one is replaced only where it is a word of its own: `a` is in every sentence. */
const LONG = 8;

/** What the server said, with `${NAME}` in place of each value that was filled into the script. */
export function hideValues<Said extends object>(said: Said, { values }: Pick<SqlScript, "values">): Said {
  if (values === undefined || values.size === 0) return said;
  // A value may be a part of another one.
  const hidden = [...values].filter(([, value]) => value !== "")
    .flatMap(([name, value]) => formsOf(value).map((form) => [form, `\${${name}}`] as const))
    .sort(([one], [other]) => other.length - one.length);
  const fields = Object.entries(said).map(([key, text]) => [
    key,
    KEPT.has(key) || typeof text !== "string"
      ? text
      : hidden.reduce((shown, [form, name]) => shown.replaceAll(patternOf(form), () => name), text),
  ]);
  return Object.fromEntries(fields) as Said;
}

/** What the server sends to say what kind of thing it says. */
const KEPT = new Set(["sqlstate", "severity"]);

/** A value as it is, and as it was written between quotes, which is how the server shows the text at an error. */
function formsOf(value: string): string[] {
  const doubled = value.replaceAll("'", "''");
  return [...new Set([value, doubled, doubled.replaceAll("\\", "\\\\"), value.replaceAll('"', '""')])];
}

function patternOf(form: string): RegExp {
  const exact = form.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return form.length >= LONG
    ? new RegExp(exact, "g")
    : new RegExp(`${/^\w/.test(form) ? "(?<!\\w)" : ""}${exact}${/\w$/.test(form) ? "(?!\\w)" : ""}`, "g");
}
