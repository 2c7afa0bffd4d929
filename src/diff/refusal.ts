/** Which rows a statement fails on, where it is not its own words that say so, as those of a constraint do. */

import type { Action } from "@supabase/pg-delta/plan";
import type { StableId } from "@supabase/pg-delta/core";
import type { StoredCatalog } from "./catalog.ts";
import { quoteLiteral } from "../sql/quote.ts";
import { objectOf } from "./object_name.ts";
import { familyOf, isAssignable, type ParsedType, parseType } from "./type_change.ts";

/** The same for a column that is added, or that must have values from now on; null for none. */
export function refusalOfColumn(
  { verb, sql, produces }: Action,
  column: StableId,
  from: StoredCatalog,
  to: StoredCatalog,
): string | null {
  if (column.kind !== "column") return null;
  const { name, whole } = objectOf(column);
  if (verb === "alter") return / SET NOT NULL$/.test(sql) ? `column ${name} is null` : null;
  const table: StableId = { kind: "table", schema: column.schema, name: column.table };
  if (verb !== "create" || !from.facts.has(table)) return null;
  const payload = to.facts.get(column)?.payload;
  if (payload?.["notNull"] !== true || payload["generatedExpr"] != null || payload["identity"] != null) {
    return null;
  }
  if (produces.some(({ kind }) => kind === "default") || hasDomain(payload["type"], to)) return null;
  return `table ${whole} has rows, which would have no value in column ${name}`;
}

/** A domain may have a default, which a column has where it has none of its own. */
function hasDomain(type: unknown, { facts }: StoredCatalog): boolean {
  return facts.facts().some(({ id }) => id.kind === "domain" && objectOf(id).name === type);
}

/** The same for a column of an enum that is made anew: its values go by way of their text, and some have no place any more. */
export function refusalOfEnum(
  { verb, consumes }: Action,
  subject: StableId,
  from: StoredCatalog,
  to: StoredCatalog,
): string | null {
  const column = consumes.find(({ kind }) => kind === "column");
  if (verb !== "alter" || subject.kind !== "type" || column === undefined) return null;
  const [old, wanted] = [from, to].map(({ facts }) => facts.get(subject)?.payload["values"] as string[]);
  const gone = old!.filter((value) => !wanted!.includes(value)).map(quoteLiteral);
  if (gone.length === 0) return null;
  const isArray = String(to.facts.get(column)?.payload["type"]).endsWith("[]");
  const values = gone.length === 1 ? gone[0] : `${gone.slice(0, -1).join(", ")} or ${gone.at(-1)}`;
  return `column ${objectOf(column).name} ${isArray ? `has ${values} in it` : `is ${values}`}`;
}

/** The same for a column that gets another type; null where every value has a place in it. */
export function refusalOfType(column: string, from: string, to: string): string | null {
  return isNarrower(from, to) ? `a value of column ${column} is none of type ${to}` : null;
}

function isNarrower(from: string, to: string): boolean {
  const [old, wanted] = [parseType(from), parseType(to)];
  if (!isAssignable(from, to)) return !(old.name === "integer" && wanted.name === "boolean");
  const family = familyOf(wanted.name);
  if (family === "number" && familyOf(old.name) === "number") return digits(old) > digits(wanted);
  const isText = family === "text" || LENGTHS.has(wanted.name);
  return isText && wanted.modifiers.length > 0 && lengthOf(old) > lengthOf(wanted);
}

/** Types other than texts that have a length. */
const LENGTHS = new Set(["bit varying", "character varying[]", "character[]", "bit varying[]"]);

/** How many characters fit in; that which is made a text has any number. */
function lengthOf({ name, modifiers }: ParsedType): number {
  const isLimited = familyOf(name) === "text" || LENGTHS.has(name);
  return isLimited && modifiers.length > 0 ? Number(modifiers[0]) : Infinity;
}

/** How many digits a number may have before its point: the nearest power of ten for whole ones. */
function digits({ name, modifiers }: ParsedType): number {
  const whole = WHOLE[name];
  if (whole !== undefined) return whole;
  if (name !== "numeric" || modifiers.length === 0) return Infinity;
  return Number(modifiers[0]) - Number(modifiers[1] ?? 0);
}

const WHOLE: Readonly<Record<string, number>> = { smallint: 4.5, integer: 9.3, bigint: 18.9 };
