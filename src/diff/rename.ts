/** Renames, as statements. */

import type { Rename, SchemaObject } from "../engine/difference.ts";
import { writeIdentifier } from "../sql/identifier.ts";
import { Lexer } from "../sql/lexer.ts";

/** The statement that renames an object. */
export function renameStatement({ kind, from, to }: Rename): string {
  const name = writeIdentifier(to);
  const [table, part] = splitName(from);
  switch (kind) {
    case "column":
    case "constraint":
      return `alter table ${table} rename ${kind} ${part} to ${name}`;
    case "trigger":
    case "policy":
      return `alter ${kind} ${part} on ${table} rename to ${name}`;
    default:
      return `alter ${kind} ${from} rename to ${name}`;
  }
}

/** What a rename is about, under its old name. */
export function renamedObject({ kind, from }: Rename): SchemaObject {
  const isPart = ["column", "constraint", "trigger", "policy"].includes(kind);
  return { kind, name: from, whole: isPart ? splitName(from)[0] : from };
}

/** A name without its last part, and that part. */
export function splitName(name: string): [whole: string, part: string] {
  const lexer = new Lexer(name);
  let dot = -1;
  while (lexer.next()) {
    if (lexer.token === "(") break;
    if (lexer.token === ".") dot = lexer.start;
  }
  return dot < 0 ? ["", name] : [name.slice(0, dot), name.slice(dot + 1)];
}
