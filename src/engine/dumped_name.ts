/** What pg_dump calls an object, as people say it. */

/**
 * A name from the header of an object in a dump: `table public.users`, `comment on column public.users.email`.
 *
 * @param type `TABLE`, `COMMENT`
 * @param schema `-` for none
 * @param name `users`, `COLUMN users.email`
 */
export function dumpedName(type: string, schema: string, name: string): string {
  const where = schema === "-" ? "" : `${schema}.`;
  const [, of, rest] = ABOUT[type] === undefined ? [] : WHAT.exec(name) ?? [];
  if (of !== undefined) return `${ABOUT[type]} ${of.toLowerCase()} ${where}${rest}`;
  if (type === "DEFAULT ACL") return name.toLowerCase() + (schema === "-" ? "" : ` in ${schema}`);
  return `${type.toLowerCase()} ${where}${name}`;
}

/** What is said of another object. */
const ABOUT: Readonly<Record<string, string>> = {
  ACL: "rights on",
  COMMENT: "comment on",
  "SECURITY LABEL": "security label on",
};
const WHAT = /^([A-Z]+(?: [A-Z]+)*) (.+)$/s;
