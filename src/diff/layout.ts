/** Line breaks in statements that are too long for one line. */

import { Lexer } from "../sql/lexer.ts";

/** A statement with what belongs together on a line of its own. */
export function laidOut(sql: string): string {
  if (/^create (?:unlogged |foreign )?table /.test(sql)) return listed(sql);
  if (/^create (?:materialized )?view /.test(sql)) {
    return sql.replace(/ as\s+(?=select|with|values)/, " as\n ");
  }
  return sql;
}

/** The columns and constraints of a table, one a line. */
function listed(sql: string): string {
  const lexer = new Lexer(sql);
  let depth = 0, out = "", done = false;
  while (lexer.next()) {
    const { token } = lexer;
    if (!done && lexer.kind === "symbol") {
      if (token === "(" && ++depth === 1) {
        if (sql[lexer.end] === ")") return sql;
        out += "(\n  ";
        continue;
      }
      if (token === ")" && --depth === 0) {
        out += "\n)";
        done = true;
        continue;
      }
      if (token === "," && depth === 1) {
        out += ",\n  ";
        SPACES.lastIndex = lexer.end;
        SPACES.test(sql);
        lexer.end = SPACES.lastIndex;
        continue;
      }
    }
    // What a partition is of has no columns of its own.
    if (!done && depth === 0 && lexer.kind === "word" && token === "partition") return sql;
    out += token;
  }
  return out;
}

const SPACES = /\s*/y;
