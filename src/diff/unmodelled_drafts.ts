/** The statements for what the library does not know. */

import type { SchemaObject } from "../engine/difference.ts";
import { writeIdentifier, writeName } from "../sql/identifier.ts";
import { pathKey, type StoredCatalog, type UnmodelledObject, type UnmodelledProperty } from "./catalog.ts";
import { defaultName } from "./default_name.ts";
import type { Draft } from "./draft.ts";
import { FOREIGN_OPTIONS, NOT_NULL_NAME } from "./unmodelled/column_properties.ts";

/**
 * What has to run before the library's statements, and what after them.
 *
 * @param planned the library's statements
 * @param exists whether an object is in the second catalog
 */
export function unmodelledDrafts(
  from: StoredCatalog,
  to: StoredCatalog,
  planned: readonly Draft[],
): { readonly before: readonly Draft[]; readonly after: readonly Draft[] } {
  const made = new Set(planned.flatMap(({ produces }) => produces.map(pathKey)));
  const gone = new Set(
    planned.flatMap(({ verb, object }) => verb === "drop" ? [object.name] : []),
  );
  const objects = objectDrafts(from, to, made, gone);
  return { before: objects.before, after: [...objects.after, ...propertyDrafts(from, to, made, gone)] };
}

function objectDrafts(
  from: StoredCatalog,
  to: StoredCatalog,
  made: ReadonlySet<string>,
  gone: ReadonlySet<string>,
): { readonly before: readonly Draft[]; readonly after: readonly Draft[] } {
  const key = ({ kind, name }: UnmodelledObject) => `${kind} ${name}`;
  const [old, wanted] = [from, to].map(({ objects }) =>
    new Map(objects.map((object) => [key(object), object]))
  );
  const before: Draft[] = [];
  const after: Draft[] = [];
  // What is dropped with the whole of which it is a part is gone already.
  const isRemade = (object: UnmodelledObject) =>
    object.part_of !== null && (made.has(pathKey(object.part_of)) || gone.has(writeName(...object.part_of)));
  for (const object of [...from.objects].reverse()) {
    const next = wanted!.get(key(object));
    if (isEqual(object, next) || isRemade(object) || isGoneWith(object, from, to)) continue;
    if (alteredDictionary(object, next) !== null) continue;
    before.push(draft("drop", object, object.drop));
  }
  for (const object of to.objects) {
    const last = old!.get(key(object));
    if (isEqual(object, last) && !isRemade(object)) continue;
    const altered = last === undefined ? null : alteredDictionary(last, object);
    if (altered !== null) {
      after.push(...[altered, ...object.create.slice(1)].map((sql) => draft("alter", object, sql)));
      continue;
    }
    after.push(...object.create.map((sql, i) => draft(i === 0 ? "create" : "alter", object, sql)));
  }
  return { before, after };
}

/** A dictionary that is in use cannot be dropped, but its options can be changed. */
function alteredDictionary(old: UnmodelledObject, next: UnmodelledObject | undefined): string | null {
  const [before, after] = [old, next].map((object) => DICTIONARY.exec(object?.create[0] ?? ""));
  if (!before || !after || before[1] !== after[1]) return null;
  const names = (options: string) =>
    [...options.matchAll(/([^\s,]+) = '(?:[^']|'')*'/g)].map(([, name]) => name!);
  const gone = names(before[3]!).filter((name) => !names(after[3]!).includes(name));
  return `alter ${before[2]} (${[...after[3] === "" ? [] : [after[3]], ...gone].join(", ")})`;
}

/** The template with which it is made, the dictionary, and the options. */
const DICTIONARY =
  /^(?=create [^(]*\((template = [^,)]*))create (text search dictionary [^(]*) \(template = [^,)]*(?:, )?([^]*)\)$/;

/** A mapping goes with its configuration. */
function isGoneWith(object: UnmodelledObject, from: StoredCatalog, to: StoredCatalog): boolean {
  if (object.part_of === null) return false;
  const whole = writeName(...object.part_of);
  const has = ({ objects }: StoredCatalog) =>
    objects.find(({ name, part_of }) => part_of === null && name === whole);
  const last = has(from);
  return last !== undefined && !isEqual(last, has(to));
}

function isEqual(a: UnmodelledObject, b: UnmodelledObject | undefined): boolean {
  return b !== undefined && JSON.stringify(a.create) === JSON.stringify(b.create);
}

function propertyDrafts(
  from: StoredCatalog,
  to: StoredCatalog,
  made: ReadonlySet<string>,
  gone: ReadonlySet<string>,
): Draft[] {
  const key = ({ kind, path, property }: UnmodelledProperty) => `${kind} ${property} ${pathKey(path)}`;
  const [all, next] = [from, to].map(({ properties }) => properties.map(withInitial));
  const [old, wanted] = [all, next].map((rows) => new Map(rows!.map((row) => [key(row), row])));
  const isFresh = ({ path, also_with }: UnmodelledProperty) =>
    [path, path.slice(0, 2), ...also_with].some((path) => made.has(pathKey(path)));
  const drafts: Draft[] = [];
  for (const row of all!) {
    const isDropped = [row.path, row.path.slice(0, 2)].some((path) => gone.has(writeName(...path)));
    // What has no NOT NULL any more needs no name for it.
    if (wanted!.has(key(row)) || isFresh(row) || isDropped || row.property === NOT_NULL_NAME) continue;
    drafts.push(told(row, row.reset ?? row.set, row.initial, row.value));
  }
  const named = [from, to].every(({ versionNumber }) => versionNumber >= 180_000);
  for (const row of next!) {
    // Until PostgreSQL 17 NOT NULL had no name.
    if (row.property === NOT_NULL_NAME && !named) continue;
    const current = (isFresh(row) ? undefined : old!.get(key(row))?.value) ?? row.initial;
    if (current === row.value) continue;
    // A column that was renamed keeps the name that was made for its old one. To mend that would be SQL for PostgreSQL 18 alone.
    if (
      row.property === NOT_NULL_NAME && [current, row.value].every((name) => NOT_NULL_BY_DEFAULT.test(name))
    ) {
      continue;
    }
    // Options that are there are set, and not added: those that go are dropped first.
    if (row.property === FOREIGN_OPTIONS && current !== row.initial) {
      drafts.push(told(row, old!.get(key(row))!.reset!, "", ""));
    }
    drafts.push(told(row, row.set, row.value, current));
  }
  return drafts;
}

/** A name that PostgreSQL has made, of a table and a column that may have had other names then. */
const NOT_NULL_BY_DEFAULT = /_not_null\d*"?$/;

/** The names of constraints are made as PostgreSQL makes them. */
function withInitial(row: UnmodelledProperty): UnmodelledProperty {
  if (row.property !== NOT_NULL_NAME || row.initial !== "") return row;
  return { ...row, initial: writeIdentifier(defaultName(row.path[1]!, row.path[2]!, "not_null")) };
}

function told(row: UnmodelledProperty, sql: string, value: string, old: string): Draft {
  const values: Readonly<Record<string, string>> = { "%v": value, "%o": old };
  return {
    sql: sql.replaceAll(/%[vo]/g, (name) => values[name]!),
    verb: "alter",
    object: { kind: row.kind, name: writeName(...row.path), whole: writeName(...row.path.slice(0, 2)) },
    loss: null,
    refusal: null,
    outsideTransaction: false,
    produces: [],
  };
}

function draft(verb: Draft["verb"], { kind, name, part_of }: UnmodelledObject, sql: string): Draft {
  const object: SchemaObject = { kind, name, whole: part_of === null ? name : writeName(...part_of) };
  return { sql, verb, object, loss: null, refusal: null, outsideTransaction: false, produces: [] };
}
