/** The `-- mig: …` comments at the head of a SQL file. */

import { closest } from "../closest.ts";
import { MigError } from "../error.ts";
import { Lexer } from "./lexer.ts";
import { locate } from "./source.ts";
import type { Directives, SqlStatement } from "./statement.ts";

/**
 * Reads the directives, which stand before the first statement.
 *
 * @throws {MigError} `directive-invalid` for an unknown one, a bad value, one that is said twice, or one that comes too late
 */
export function readDirectives(text: string, statements: readonly SqlStatement[], path: string): Directives {
  const faults: MigError[] = [];
  const found = new Map<string, string>();
  for (const { offset, length, name, value } of directivesIn(text)) {
    const at = locate(text, offset, path, length);
    const refuse = (message: string, hint: string) =>
      faults.push(new MigError("directive-invalid", message, { locations: [at], hint }));
    const known = KNOWN[name];
    if (known === undefined) {
      const near = closest(name, Object.keys(KNOWN));
      refuse(
        `there is no directive "${name}"`,
        `${near === undefined ? "" : `did you mean "${near}"? `}mig knows ${Object.values(KNOWN).join(", ")}`,
      );
    } else if (statements.length > 0 && offset > statements[0]!.start) {
      refuse(`the directive "${name}" stands behind the first statement`, "move it to the head of the file");
    } else if (found.has(name)) refuse(`the directive "${name}" is given twice`, "delete one of them");
    else if (name === "no-transaction" ? value !== "" : durationOf(value) === null) {
      refuse(`"${value}" is no value for the directive "${name}"`, `write it as: -- mig: ${known}`);
    } else found.set(name, value);
  }
  if (faults.length === 1) throw faults[0]!;
  if (faults.length > 1) {
    throw new MigError("directive-invalid", `${faults.length} directives in ${path} are wrong`, {
      errors: faults,
    });
  }
  const timeout = (name: string) => found.has(name) ? durationOf(found.get(name)!)! : undefined;
  return {
    transaction: !found.has("no-transaction"),
    lockTimeout: timeout("lock-timeout"),
    statementTimeout: timeout("statement-timeout"),
  };
}

/**
 * A time as PostgreSQL's settings have it (manual, "Parameter Names and Values"): `500ms`, `5s`, `2min`, `1h`, `1d`; a
 * number alone counts milliseconds, and 0 switches the time-out off.
 *
 * @returns milliseconds, or null for anything else
 */
export function durationOf(text: string): number | null {
  const match = /^(\d{1,9})\s*(us|ms|s|min|h|d)?$/.exec(text);
  if (match === null) return null;
  const ms = Math.round(Number(match[1]) * UNITS[match[2] ?? "ms"]!);
  return ms > LONGEST_MS ? null : ms;
}

const UNITS: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
/** What PostgreSQL's settings hold: a signed 32-bit number. */
const LONGEST_MS = 2 ** 31 - 1;

const KNOWN: Readonly<Record<string, string>> = {
  "no-transaction": "no-transaction",
  "lock-timeout": "lock-timeout 5s",
  "statement-timeout": "statement-timeout 10min",
};

interface Written {
  readonly offset: number;
  /** In code points. */
  readonly length: number;
  readonly name: string;
  readonly value: string;
}

function* directivesIn(text: string): Generator<Written> {
  // Most files have none, and looking for one is much quicker than going through all tokens.
  if (!MENTION.test(text)) return;
  const lexer = new Lexer(text);
  while (lexer.next()) {
    // The data of a COPY is not SQL, and a directive behind it would come too late anyway.
    if (lexer.kind === "symbol" && lexer.token === "\\") return;
    if (lexer.kind !== "comment") continue;
    const match = /^--\s*mig:\s*(\S*)[^\S\n]*(.*?)\s*$/i.exec(lexer.token);
    if (match === null) continue;
    yield {
      offset: lexer.start,
      length: [...match[0].trimEnd()].length,
      name: match[1]!.toLowerCase(),
      value: match[2]!,
    };
  }
}

const MENTION = /--[^\S\r\n]*mig:/i;
