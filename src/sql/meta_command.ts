/** Commands of psql in a SQL file. pg_dump writes two that only guard psql; the rest psql alone can carry out. */

import { MigError, type SourceLocation } from "../error.ts";
import type { OpenStatement } from "./open_statement.ts";

/** A command of psql in a file. Offsets are UTF-16 units. */
export interface MetaCommand {
  /** Where its backslash stands. */
  readonly start: number;
  /** Where its line ends. */
  readonly end: number;
  /** Why mig refuses it; null for what it passes over. */
  readonly refusal: MetaCommandRefusal | null;
}

/** What to say of a command that is refused. */
export interface MetaCommandRefusal {
  readonly message: string;
  readonly hint: string;
  /** Of the command's name with its backslash, in code points. */
  readonly length: number;
}

/**
 * The command at a backslash outside of quotes, which means nothing in SQL, with what follows it on its line. All but
 * `\restrict` and `\unrestrict` are refused.
 *
 * @param at where the backslash stands
 * @param open the statement in which it stands
 */
export function metaCommandAt(text: string, at: number, open: OpenStatement | null): MetaCommand {
  LINE.lastIndex = at;
  const line = LINE.exec(text)![0];
  const end = at + line.length;
  const name = NAME.exec(line)![1]!;
  const passes = open === null && (name === "restrict" || name === "unrestrict");
  const refusal = passes
    ? null
    : { message: messageFor(name), hint: hintFor(name, line, open), length: [...name].length + 1 };
  return { start: at, end, refusal };
}

/** A refusal as an error. */
export function refusalAt({ message, hint }: MetaCommandRefusal, location: SourceLocation): MigError {
  return new MigError("sql-refused", message, { locations: [location], hint });
}

function messageFor(name: string): string {
  if (name === ".") return "`\\.` closes the data of a COPY, and none is open here";
  if (name.trim() === "") return "a backslash outside of quotes means nothing in SQL";
  return `\\${name} is a command of psql, which mig cannot carry out`;
}

function hintFor(name: string, line: string, open: OpenStatement | null): string {
  if (name === "." && open?.copies) return "the COPY above lacks its semicolon";
  if (name === "set" && /\bON_ERROR_(?:STOP|ROLLBACK)\b/.test(line)) {
    return "delete the line: mig stops at the first error, and rolls the file back";
  }
  return INSTEAD.get(name) ?? "write what it does as SQL, or delete it";
}

const LINE = /[^\r\n]*/y;
const NAME = /^\\([A-Za-z_]+|.|$)/u;

/** What to write instead, by the names that share it. */
const INSTEAD = new Map(
  ([
    ["i ir include include_relative", "put the other file's SQL here, or make it a revision of its own"],
    ["set getenv prompt", "write the value where it is used, or compute it in a DO block"],
    ["c connect", "delete the line: one run of mig works on one database, the one that --database names"],
    ["copy", "write COPY … FROM stdin; with the data in the lines below it, closed by a line `\\.`"],
    ["echo qecho warn", "delete the line, or say it with: do $$ begin raise notice '…'; end $$;"],
    ["if elif else endif", "write the condition in SQL: do $$ begin if … then …; end if; end $$;"],
    ["gset", "end the statement with a semicolon, and use its result in the same statement or in a DO block"],
    ["gexec", "write a DO block that runs each statement with EXECUTE"],
    ["g gx gdesc p r w watch crosstabview", "end the statement with a semicolon"],
    [";", "write a plain semicolon"],
    ["bind bind_named parse startpipeline endpipeline", "write the values into the statement"],
    ["encoding", "delete the line, and save the file as UTF-8"],
    ["timing", "delete the line: mig times every statement"],
    [
      "pset unset a f H t T x o q s conninfo d dt l password",
      "delete the line: it changes nothing in the database",
    ],
    ["! cd", "run it outside of mig: a SQL file of mig holds SQL alone"],
    ["restrict unrestrict", "end the statement above it with a semicolon"],
    [". N", "write `COPY … FROM stdin;` above the data, with its semicolon"],
  ] as const).flatMap(([names, hint]) => names.split(" ").map((name) => [name, hint] as const)),
);
