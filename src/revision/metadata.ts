/** meta.json: the few lines that make a folder a revision. */

import { checkMetadata, RESERVED_WORDS } from "./metadata_rules.ts";
import { keysWritten } from "./place.ts";
import type { RevisionId } from "./revision.ts";

/** What a meta.json says, in lists. */
export interface Metadata {
  readonly id: RevisionId;
  readonly parents: readonly RevisionId[];
  readonly dependsOn: readonly string[];
  readonly labels: readonly string[];
  readonly message: string;
}

/**
 * Reads a meta.json; null where anything in it is wrong. `explainMetadata()` then says what: it needs a parser that
 * knows positions, which a run over sound files never loads.
 * @param text the file, decoded; a byte order mark is accepted
 */
export function parseMetadata(text: string): Metadata | null {
  return parsePlain(text) ?? parseAny(text);
}

/** What nearly every meta.json is: an id, one parent or none, and a message without escapes, in the order of `formatMetadata()`. */
const PLAIN = new RegExp(
  String.raw`^\{_"id":_"(NAME)",_"parent":_(?:null|"(NAME)"),_"message":_"([^"\\\x00-\x1f\x7f-\x9f]*)"_\}_$`
    .replaceAll("_", String.raw`[ \t\r\n]*`)
    .replaceAll("NAME", "[a-z0-9_][a-z0-9_-]{0,63}"),
);
const NONE: readonly string[] = [];

/** Reads such a one at a stroke, many times quicker than by its rules; null for any other. */
function parsePlain(text: string): Metadata | null {
  const found = PLAIN.exec(text);
  if (found === null) return null;
  const [, id, parent, message] = found;
  if (RESERVED_WORDS.includes(id!) || (parent !== undefined && RESERVED_WORDS.includes(parent))) return null;
  return {
    id: id!,
    parents: parent === undefined ? NONE : [parent],
    dependsOn: NONE,
    labels: NONE,
    message: message!,
  };
}

function parseAny(text: string): Metadata | null {
  const json = withoutByteOrderMark(text);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return null;
  }
  const checked = checkMetadata(value);
  if ("faults" in checked) return null;
  // JSON.parse() keeps the last of two equal keys and says nothing.
  const keys = Object.keys(value as object).length;
  if (stringsIn(json) === keys + stringValuesIn(value as object)) return checked.metadata;
  return keysWritten(json) === keys ? checked.metadata : null;
}

/** The text of a meta.json, as `mig new` writes it: one key a line, lists inline, keys that say nothing left out. */
export function formatMetadata(metadata: Metadata): string {
  const { id, parents, message, labels, dependsOn } = metadata;
  const parent = parents.length === 0 ? null : oneOrList(parents);
  const lines = [`"id": ${inline(id)}`, `"parent": ${inline(parent)}`, `"message": ${inline(message)}`];
  if (labels.length > 0) lines.push(`"labels": ${inline(oneOrList(labels))}`);
  if (dependsOn.length > 0) lines.push(`"depends_on": ${inline(oneOrList(dependsOn))}`);
  return `{\n  ${lines.join(",\n  ")}\n}\n`;
}

/** The same in the words of an earlier text, where that says just this. */
export function formatAsBefore(before: string, metadata: Metadata): string {
  const now = formatMetadata(metadata);
  const said = parseMetadata(before);
  return said !== null && formatMetadata(said) === now ? before : now;
}

/** Without the byte order mark that some Windows editors put before a text. */
export function withoutByteOrderMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

/**
 * How many strings a JSON text has, by its quotes: most files have no escaped ones, and counting those is many times quicker than
 * to tell keys from values.
 */
function stringsIn(json: string): number {
  let quotes = 0;
  for (let at = json.indexOf('"'); at >= 0; at = json.indexOf('"', at + 1)) quotes++;
  return quotes / 2;
}

/** How many strings there are among the values of an object, and in lists there. */
function stringValuesIn(object: object): number {
  let strings = 0;
  for (const value of Object.values(object)) {
    if (typeof value === "string") strings++;
    else if (Array.isArray(value)) strings += value.length;
  }
  return strings;
}

function oneOrList(values: readonly string[]): string | readonly string[] {
  return values.length === 1 ? values[0]! : values;
}

function inline(value: string | readonly string[] | null): string {
  return Array.isArray(value)
    ? `[${value.map((item) => JSON.stringify(item)).join(", ")}]`
    : JSON.stringify(value);
}
