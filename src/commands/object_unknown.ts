/** Names of objects that the chain does not make, or that several have. */

import { closest } from "../closest.ts";
import { type Blame, objectName } from "../engine/shadow/blame.ts";
import type { NamedObject } from "../engine/shadow/parts.ts";
import { MigError } from "../error.ts";
import { titleOf } from "../revision/name_lookup.ts";
import { writeIdentifier, writeName } from "../sql/identifier.ts";

/** Why no object was found by a name, and which may be meant. */
export function notFound(text: string, found: Exclude<Blame, { kind: "found" }>): MigError {
  if (found.kind === "ambiguous") {
    return new MigError("object-ambiguous", `"${text}" is the name of ${found.objects.length} objects`, {
      hint: found.objects.map((object) => `say which: mig blame '${objectName(object)}'`),
    });
  }
  if (found.dropped !== null) {
    const { object, by } = found.dropped;
    const message = `${object.kind} ${objectName(object)} is not there any more: ${titleOf(by)} dropped it`;
    return new MigError("object-unknown", message, { hint: `\`mig show ${by.id}\` shows its SQL` });
  }
  const near = nearObject(text, found.objects);
  return new MigError("object-unknown", `the chain makes no "${text}"`, {
    hint: near === undefined ? "`mig schema` prints what it makes" : `did you mean "${near}"?`,
  });
}

/** That a table has no such column, and which may be meant. */
export function noColumn(object: NamedObject, column: string, columns: readonly string[]): MigError {
  const near = closest(column, columns);
  return new MigError("object-unknown", `${object.kind} ${objectName(object)} has no column "${column}"`, {
    hint: columns.length === 0
      ? `its columns are told of as a whole: mig blame ${objectName(object)}`
      : near === undefined
      ? `it has ${columns.join(", ")}`
      : `did you mean "${near}"?`,
  });
}

/** The object that is nearest to a name, with its schema or without, or to that of a column's table. */
function nearObject(text: string, objects: readonly NamedObject[]): string | undefined {
  const names = new Map<string, string>();
  for (const { schema, name } of objects) {
    const full = writeName(schema, name);
    names.set(full, full);
    const bare = writeIdentifier(name);
    if (schema === "public" || !names.has(bare)) names.set(bare, schema === "public" ? bare : full);
  }
  const plain = text.replace(/\(.*$/s, "");
  const isColumn = plain.split(".").length > 2;
  const near = isColumn ? undefined : closest(plain, names.keys());
  if (near !== undefined) return names.get(near);
  const dot = plain.lastIndexOf(".");
  const table = dot < 0 ? undefined : closest(plain.slice(0, dot), names.keys());
  return table === undefined ? undefined : `${names.get(table)}${plain.slice(dot)}`;
}
