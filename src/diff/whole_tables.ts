/**
 * New tables as a person would write them: what their columns need comes first, and all of their columns are in the one statement.
 * The library makes a table as soon as it can, and adds what has to wait for a type or a function; it then comes last.
 */

import type { Action } from "@supabase/pg-delta/plan";
import type { FactBase, StableId } from "@supabase/pg-delta/core";
import { Lexer } from "../sql/lexer.ts";
import { keyOf } from "./facts.ts";

/** The actions of a plan in an order in which each new table has its columns. */
export function wholeTables(actions: readonly Action[], wanted: FactBase): Action[] {
  return withColumns(typesFirst(actions, wanted), wanted);
}

/** Types, and the functions that columns or types call, before the first table or column. */
function typesFirst(actions: readonly Action[], wanted: FactBase): Action[] {
  const first = actions.findIndex((action) => ["table", "column"].includes(made(action)?.kind ?? ""));
  if (first < 0) return [...actions];
  const later = new Set(
    actions.slice(first).flatMap(({ produces, destroys }) => [...produces, ...destroys]).map(keyOf),
  );
  const moved: Action[] = [];
  // One that was moved may be what another waits for.
  for (let before = -1; before < moved.length;) {
    before = moved.length;
    for (const action of actions.slice(first)) {
      if (moved.includes(action) || !isMovable(action, wanted)) continue;
      const own = new Set(action.produces.map(keyOf));
      if (needs(action, wanted).some((id) => later.has(keyOf(id)) && !own.has(keyOf(id)))) continue;
      if (actions.slice(first).some(({ destroys }) => destroys.some((id) => own.has(keyOf(id))))) continue;
      moved.push(action);
      for (const key of own) later.delete(key);
    }
  }
  const rest = actions.slice(first).filter((action) => !moved.includes(action));
  return [...actions.slice(0, first), ...moved, ...rest];
}

function isMovable(action: Action, wanted: FactBase): boolean {
  const id = made(action);
  switch (id?.kind) {
    case "type":
    case "domain":
    case "collation":
      return true;
    case "function":
      return wanted.incomingEdges(id).some(({ from }) => CALLERS.includes(from.kind));
    default:
      return false;
  }
}

const CALLERS: readonly string[] = ["column", "default", "constraint", "domain", "type"];

/** Columns and constraints in the statement that makes their table. */
function withColumns(actions: readonly Action[], wanted: FactBase): Action[] {
  const result = [...actions];
  for (const [at, action] of actions.entries()) {
    const table = made(action);
    if (
      table?.kind !== "table" ||
      !HAS_COLUMNS.test(action.sql)
    ) {
      continue;
    }
    const there = new Set(
      result.slice(0, result.indexOf(action) + 1).flatMap(({ produces }) => produces).map(keyOf),
    );
    const coming = new Set(
      result.slice(result.indexOf(action) + 1).flatMap(({ produces }) => produces).map(keyOf),
    );
    let whole = action;
    for (const part of actions.slice(at + 1)) {
      const clause = clauseOf(part, table);
      const own = new Set(part.produces.map(keyOf));
      const waits = needs(part, wanted).some((id) =>
        coming.has(keyOf(id)) && !there.has(keyOf(id)) && !own.has(keyOf(id))
      );
      if (clause === null || waits) continue;
      const index = result.indexOf(whole);
      whole = {
        ...whole,
        sql: insert(whole.sql, clause),
        produces: [...whole.produces, ...part.produces],
        consumes: [...whole.consumes, ...part.consumes],
      };
      result[index] = whole;
      result.splice(result.indexOf(part), 1);
      for (const key of own) there.add(key);
    }
    if (whole !== action) {
      result[result.indexOf(whole)] = { ...whole, sql: inOrder(whole.sql, table, wanted) };
    }
  }
  return result;
}

type TableId = Extract<StableId, { readonly name: string; readonly schema: string }>;

/** Not what is a partition of another table, or of a type. */
const HAS_COLUMNS = /^CREATE (?:UNLOGGED )?TABLE "(?:[^"]|"")+"\."(?:[^"]|"")+" ?\(/;

/** What an action makes, if it makes something. */
function made({ verb, produces }: Action): StableId | undefined {
  return verb === "create" ? produces[0] : undefined;
}

/** Whatever has to be there before an action, by the library or by the catalog. */
function needs({ consumes, produces }: Action, wanted: FactBase): StableId[] {
  return [
    ...consumes,
    ...produces.flatMap((id) =>
      wanted.outgoingEdges(id).filter(({ kind }) => kind !== "owner").map(({ to }) => to)
    ),
  ];
}

/** What an action adds to a table, as the statement that makes the table says it; null for anything else. */
function clauseOf(action: Action, table: TableId): string | null {
  const id = made(action);
  if (id === undefined || !("table" in id) || id.schema !== table.schema || id.table !== table.name) {
    return null;
  }
  if (action.newSegmentBefore || action.transactionality !== "transactional") return null;
  const pattern = id.kind === "column"
    ? /^ALTER TABLE .*? ADD COLUMN ("[^]*)$/
    : id.kind === "constraint"
    ? /^ALTER TABLE .*? ADD (CONSTRAINT "(?:[^"]|"")+" (?:PRIMARY KEY|UNIQUE|CHECK) (?![^]* NOT VALID$)[^]*)$/
    : null;
  return pattern?.exec(action.sql)?.[1] ?? null;
}

function insert(sql: string, clause: string): string {
  const { open, close } = parts(sql);
  return `${sql.slice(0, close)}${open + 1 === close ? "" : ", "}${clause}${sql.slice(close)}`;
}

/** The columns as they were declared, and then the constraints. */
function inOrder(
  sql: string,
  { schema, name: table }: TableId,
  wanted: FactBase,
): string {
  const { open, close, commas } = parts(sql);
  const ends = [...commas, close];
  const clauses = ends.map((end, i) => sql.slice(i === 0 ? open + 1 : ends[i - 1]! + 1, end).trim());
  const place = (clause: string) => {
    const [, quoted] = /^"((?:[^"]|"")+)"/.exec(clause) ?? [];
    if (quoted === undefined) return Infinity;
    const position = wanted.get({ kind: "column", schema, table, name: quoted.replaceAll('""', '"') })
      ?.payload["_position"];
    return typeof position === "number" ? position : Infinity;
  };
  const sorted = clauses.map((clause) => ({ clause, at: place(clause) }))
    .sort((a, b) => a.at === b.at ? 0 : a.at - b.at).map(({ clause }) => clause);
  return `${sql.slice(0, open + 1)}${sorted.join(", ")}${sql.slice(close)}`;
}

/** Where the columns of a table are in the statement that makes it. */
function parts(
  sql: string,
): { readonly open: number; readonly close: number; readonly commas: readonly number[] } {
  const lexer = new Lexer(sql);
  const commas: number[] = [];
  let depth = 0, open = -1;
  while (lexer.next()) {
    if (lexer.kind !== "symbol") continue;
    const at = lexer.end - lexer.token.length;
    if (lexer.token === "(" && ++depth === 1) open = at;
    else if (lexer.token === ")" && --depth === 0) return { open, close: at, commas };
    else if (lexer.token === "," && depth === 1) commas.push(at);
  }
  throw new Error(`no columns in ${sql}`);
}
