/** Commands of psql in a SQL file. pg_dump writes two that only guard psql; the rest psql alone can carry out. */

import { MigError } from "../error.ts";
import { locate } from "./source.ts";

/**
 * Passes over `\restrict` and `\unrestrict`, and refuses every other command.
 *
 * @param at where the backslash stands
 * @param inStatement whether a statement is open
 * @returns where the command's line ends
 * @throws {MigError} `sql-refused` with what to write instead
 */
export function refuseMetaCommand(text: string, at: number, path: string, inStatement: boolean): number {
  const line = /[^\r\n]*/y;
  line.lastIndex = at;
  const command = line.exec(text)![0];
  const name = /^\\([A-Za-z_]+|.|$)/.exec(command)![1]!;
  if (!inStatement && (name === "restrict" || name === "unrestrict")) return line.lastIndex;
  const what = name === "" ? "a backslash" : `\\${name}`;
  throw new MigError("sql-refused", `${what} is a command of psql, which mig cannot carry out`, {
    locations: [{ ...locate(text, at, path), length: name.length + 1 }],
    hint: INSTEAD[name] ?? "write what it does as SQL",
  });
}

const INSTEAD: Readonly<Record<string, string>> = {
  i: "put the other file's SQL here, or make it a revision of its own",
  ir: "put the other file's SQL here, or make it a revision of its own",
  include: "put the other file's SQL here, or make it a revision of its own",
  set: "write the value where it is used",
  unset: "delete the line",
  c: "name the database with --database; one run of mig works on one database",
  connect: "name the database with --database; one run of mig works on one database",
  copy: "write COPY … FROM stdin; with the data in the lines below it, closed by a line `\\.`",
  echo:
    "delete the line, or write a comment; `do $$ begin raise notice '…'; end $$` tells something while it runs",
  if: "write the condition in SQL: do $$ begin if … then …; end if; end $$",
  gset: "write it in one statement, or in a DO block with a variable",
  gexec: "write a DO block that runs each statement with EXECUTE",
  timing: "delete the line: mig times every statement",
  ".": "it closes the data of a COPY … FROM stdin, and there is none here",
};
