/** What the library calls an object, in the manual's words. */

import type { StableId } from "@supabase/pg-delta/core";
import type { SchemaObject } from "../engine/difference.ts";
import { writeIdentifier, writeName } from "../sql/identifier.ts";

/** The object that an id means; what hangs on one, such as a comment or a grant, is that object. */
export function objectOf(id: StableId): SchemaObject {
  switch (id.kind) {
    case "comment":
    case "acl":
    case "securityLabel":
      return "column" in id && id.column !== undefined && "schema" in id.target && "name" in id.target
        ? part("column", [id.target.schema, id.target.name], id.column)
        : objectOf(id.target);
    case "column":
    case "constraint":
    case "trigger":
    case "rule":
    case "policy":
      return part(id.kind, [id.schema, id.table], id.name);
    case "default":
      return part("column", [id.schema, id.table], id.name);
    case "typeAttribute":
      return part("attribute", [id.schema, id.type], id.name);
    case "function":
    case "procedure":
    case "aggregate":
      return whole(id.kind, `${writeName(id.schema, id.name)}(${id.args.join(", ")})`);
    case "publicationRel":
    case "publicationSchema":
      return whole("publication", writeIdentifier(id.publication));
    case "userMapping":
      return whole("user mapping", `${writeIdentifier(id.role)} on ${writeIdentifier(id.server)}`);
    case "membership":
      return whole("role", writeIdentifier(id.role));
    case "defaultPrivilege":
      return whole(
        "default privileges",
        writeIdentifier(id.role) + (id.schema === null ? "" : ` in ${writeIdentifier(id.schema)}`),
      );
    case "extensionIntent":
      return whole(id.intentKind, id.key);
    default:
      return whole(
        KINDS[id.kind] ?? id.kind,
        "schema" in id ? writeName(id.schema, id.name) : writeIdentifier(id.name),
      );
  }
}

/** A path under which other parts know the object: schema, table, column. */
export function pathOf(id: StableId): readonly string[] {
  if ("table" in id && "name" in id) return [id.schema, id.table, id.name];
  if ("schema" in id && "name" in id) return [id.schema!, id.name];
  return "name" in id ? [id.name] : [];
}

const KINDS: Readonly<Record<string, string>> = {
  materializedView: "materialized view",
  foreignTable: "foreign table",
  eventTrigger: "event trigger",
  fdw: "foreign data wrapper",
};

function whole(kind: string, name: string): SchemaObject {
  return { kind, name, whole: name };
}

function part(kind: string, path: readonly [string, string], name: string): SchemaObject {
  const table = writeName(...path);
  return { kind, name: `${table}.${writeIdentifier(name)}`, whole: table };
}
