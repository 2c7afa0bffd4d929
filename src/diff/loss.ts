/** What a statement may lose. A statement that fails where something would be lost loses nothing. */

import type { StableId } from "@supabase/pg-delta/core";
import type { StoredCatalog } from "./catalog.ts";
import { objectOf } from "./object_name.ts";
import { familyOf, parseType } from "./type_change.ts";

/** What is lost when an object is dropped; null for nothing that cannot be made again. */
export function lossOfDrop(id: StableId, from: StoredCatalog): string | null {
  const { name } = objectOf(id);
  switch (id.kind) {
    case "table":
      // The rows of a partitioned table are those of its partitions, each of which is dropped by itself or with it.
      return `the rows of table ${name}`;
    case "column":
      return from.facts.get(id)?.payload["generatedExpr"] == null ? `the values of column ${name}` : null;
    case "typeAttribute":
      return `the values of attribute ${name}`;
    case "extension":
      return `whatever extension ${name} keeps`;
    case "server":
    case "subscription":
      return null;
    default:
      return null;
  }
}

/** What is lost when a column gets another type. */
export function lossOfType(column: string, from: string, to: string): string | null {
  const [old, wanted] = [parseType(from), parseType(to)];
  const [a, b] = [familyOf(old.name), familyOf(wanted.name)];
  const lost = (what: string) => `${what} of column ${column}`;
  if (a === "number" && b === "number") {
    if (wanted.name === "real" && old.name !== "real" && old.name !== "smallint") {
      return lost("the precision");
    }
    if (wanted.name === "double precision" && ["numeric", "bigint"].includes(old.name)) {
      return lost("the precision");
    }
    const [scaled, scale] = [
      SCALES[old.name] ?? old.modifiers[1] ?? "any",
      SCALES[wanted.name] ?? scaleOf(wanted.modifiers),
    ];
    if (scale !== "any" && (scaled === "any" || Number(scaled) > Number(scale))) {
      return lost(scale === "0" ? "what follows the decimal point" : `what follows ${scale} decimal places`);
    }
    return null;
  }
  if (a === "time" && b === "time") {
    if (wanted.name === "date" && old.name !== "date") return lost("the time of day");
    if (wanted.name.startsWith("time ") && old.name.startsWith("timestamp")) return lost("the date");
    if (old.name.endsWith("with time zone") && wanted.name.endsWith("without time zone")) {
      return lost("the time zone");
    }
    const [digits, rest] = [old.modifiers[0] ?? "6", wanted.modifiers[0] ?? "6"];
    return Number(rest) < Number(digits) && wanted.name !== "date"
      ? lost(`what follows ${rest} digits of a second`)
      : null;
  }
  if (from.startsWith("jsonb") || !to.startsWith("jsonb") || !from.startsWith("json")) return null;
  return lost("the order, the spaces and repeated keys");
}

/** Whole numbers, and those whose point floats. */
const SCALES: Readonly<Record<string, string>> = {
  smallint: "0",
  integer: "0",
  bigint: "0",
  real: "any",
  "double precision": "any",
};

function scaleOf(modifiers: readonly string[]): string {
  return modifiers.length === 0 ? "any" : modifiers[1] ?? "0";
}
