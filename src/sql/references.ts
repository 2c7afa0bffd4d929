/** Finds `${NAME}` in a statement, and in what it stands there: a value has to be written differently in each. */

import { Lexer, UnclosedError } from "./lexer.ts";
import { commandOf } from "./words.ts";

/** What a reference stands in. */
export type Place =
  /** Between quotes and comments: the value is SQL. */
  | { readonly kind: "sql" }
  /** `'…'` and its relatives; `escapes` where a backslash means something in it. */
  | { readonly kind: "string"; readonly escapes: boolean }
  /** `"…"`. */
  | { readonly kind: "identifier" }
  /** `$tag$…$tag$`, and where what is between them begins and ends. */
  | { readonly kind: "dollar"; readonly tag: string; readonly from: number; readonly to: number }
  /** What nobody can write a quote into without knowing more: a string in a string, U&'…', a body in another language. */
  | { readonly kind: "unknown"; readonly what: string };

/** A use of a variable. Offsets are UTF-16 units into the statement's text. */
export interface Reference {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** From the outermost to the innermost: a string may stand in the body of a function. */
  readonly places: readonly Place[];
}

/** Every `${NAME}` in a statement, in order; comments are left out. */
export function findReferences(statement: string): Reference[] {
  if (!statement.includes("${")) return [];
  return inSql(statement, 0, [], bodyOf(statement));
}

/** What the dollar-quoted strings of a statement are: code that mig can read, code that it cannot, or plain text. */
type Body = "sql" | "code" | "text";

function bodyOf(statement: string): Body {
  const command = commandOf({ text: statement });
  if (!/^(DO|CREATE (FUNCTION|PROCEDURE))$/.test(command)) return "text";
  const lexer = new Lexer(statement);
  let language = command === "DO" ? "plpgsql" : "sql";
  for (let previous = ""; lexer.nextSignificant(); previous = lexer.token.toLowerCase()) {
    if (previous === "language") language = lexer.token.toLowerCase().replaceAll(/^['"]|['"]$/g, "");
  }
  return language === "plpgsql" || language === "sql" ? "sql" : "code";
}

function inSql(sql: string, base: number, around: readonly Place[], body: Body): Reference[] {
  const found: Reference[] = [];
  const lexer = new Lexer(sql);
  let bare = 0;
  const scan = (from: number, to: number, place: (at: number) => readonly Place[]) => {
    REFERENCE.lastIndex = from;
    for (let match = REFERENCE.exec(sql); match !== null; match = REFERENCE.exec(sql)) {
      if (REFERENCE.lastIndex > to) break;
      const { index } = match;
      found.push({
        name: match[1]!,
        start: base + index,
        end: base + REFERENCE.lastIndex,
        places: [...around, ...place(index)],
      });
    }
  };
  while (lexer.next()) {
    const { kind, start, end } = lexer;
    if (kind !== "string" && kind !== "identifier" && kind !== "comment") continue;
    // A reference is several tokens, so what stands between the quotes is looked at as a whole.
    scan(bare, start, () => [{ kind: "sql" }]);
    bare = end;
    if (kind === "comment") continue;
    const open = start + /^[^'"$]*/.exec(sql.slice(start, start + 3))![0].length;
    if (sql[open] !== "$") scan(open + 1, end - 1, (at) => quotedPlaces(sql, start, open, at));
    else {
      const tag = sql.slice(open, sql.indexOf("$", open + 1) + 1);
      const from = open + tag.length, to = end - tag.length;
      const dollar: Place = { kind: "dollar", tag, from: base + from, to: base + to };
      const inside = [...around, dollar];
      const nested = body === "sql" ? readable(sql.slice(from, to), base + from, inside) : null;
      if (nested !== null) found.push(...nested);
      else {
        scan(from, to, () => [
          dollar,
          ...(body === "text" ? [] : [{ kind: "unknown", what: "the body of a function" } as const]),
        ]);
      }
    }
  }
  scan(bare, sql.length, () => [{ kind: "sql" }]);
  return found;
}

/** Null where the body cannot be read as SQL. */
function readable(body: string, base: number, around: readonly Place[]): Reference[] | null {
  try {
    return inSql(body, base, around, "text");
  } catch (error) {
    if (error instanceof UnclosedError) return null;
    throw error;
  }
}

/** @param open where the opening quote is, behind what stands before it: E, U& … */
function quotedPlaces(sql: string, start: number, open: number, at: number): readonly Place[] {
  const prefix = sql.slice(start, open).toLowerCase();
  if (prefix === "u&") return [{ kind: "unknown", what: "a U& quote" }];
  if (sql[open] === '"') return [{ kind: "identifier" }];
  const place: Place = { kind: "string", escapes: prefix === "e" };
  // What is executed as a statement of its own: 'create role x password ''${PASSWORD}'''.
  const quotes = sql.slice(open + 1, at).match(/''/g)?.length ?? 0;
  return quotes % 2 === 0 ? [place] : [place, { kind: "unknown", what: "a string within a string" }];
}

const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;
