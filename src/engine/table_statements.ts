/**
 * The statements on the version table that every step needs. A run of many steps prepares them once, which spares the
 * server most of its work on them; where that cannot be, they are sent in full.
 */

import type { AppliedRevision } from "../revision/applied.ts";
import { quoteTextArray } from "../sql/quote.ts";
import { STATEMENTS_DONE } from "./applied_rows.ts";
import { type VersionTable } from "./version_table.ts";

/** How a statement is sent: by the name under which it was prepared in this session, or in full. */
export type Sending = "prepared" | "plain";

/**
 * What a step does before it begins: prepare the statements for itself and those after it, forget them since its file has some
 * of its own, or nothing.
 */
export type Before = "prepare" | "forget" | null;

/** A statement whose arguments are SQL expressions: literals, or `$1` … when it is prepared. */
interface TableStatement {
  readonly name: string;
  readonly types: readonly string[];
  readonly sql: (table: string, args: readonly string[]) => string;
}

/** Of the arguments that every row has: id, parents, what it depends on, labels, message, up.sql, down.sql, checksum. */
const ROW_TYPES: readonly string[] = ["text", "text[]", "text[]", "text[]", "text", "text", "text", "text"];

/**
 * Fails unless the state is the one that the plan was made for: the revision applied last, the one to apply not there, all
 * that it needs there. Arguments: last, id, what it needs, how many those are.
 */
export const GUARD_UP: TableStatement = {
  name: "mig_guard_up",
  types: ["text", "text", "text[]", "bigint"],
  sql: (table, [last, id, needed, count]) =>
    guard(`${lastIsNot(table, last!)}
      or exists (select from ${table} where id = ${id})
      or (select count(*) from ${table} where id = any(${needed}) and unfinished is distinct from 'up') <> ${count}`),
};

/** The same for going down: the revision is there, and whole. Arguments: last, id. */
export const GUARD_DOWN: TableStatement = {
  name: "mig_guard_down",
  types: ["text", "text"],
  sql: (table, [last, id]) =>
    guard(`${lastIsNot(table, last!)}
      or not exists (select from ${table} where id = ${id} and unfinished is null)`),
};

/**
 * Writes the row of a revision that ran in this transaction. Arguments: id, parents, what it depends on, labels, message,
 * up.sql, down.sql, checksum, and `up` where it is only begun.
 */
export const INSERT: TableStatement = {
  name: "mig_insert",
  types: [...ROW_TYPES, "text"],
  sql: (table, args) => {
    const unfinished = args[ROW_TYPES.length]!;
    return insertRow(table, args, {
      duration: `case when ${unfinished} is null then ${elapsedSince("transaction_timestamp()")} end`,
      unfinished,
      statementsDone: `case when ${unfinished} is not null then 0 end`,
    });
  },
};

/** The same without the last argument, in a script: one transaction may hold many revisions, and each begins after a row. */
export const INSERT_SINCE_LAST: TableStatement = {
  name: "mig_insert_since_last",
  types: ROW_TYPES,
  sql: (table, args) =>
    insertRow(table, args, {
      duration: elapsedSince(`greatest(transaction_timestamp(), (select max(applied_at) from ${table}))`),
    }),
};

/** The same for a revision that was not run: its row has no duration. */
export const INSERT_STAMPED: TableStatement = {
  name: "mig_insert_stamped",
  types: ROW_TYPES,
  sql: (table, args) => insertRow(table, args, { duration: "null" }),
};

/** Deletes the row of a revision. Argument: id. */
export const DELETE: TableStatement = {
  name: "mig_delete",
  types: ["text"],
  sql: (table, [id]) => `delete from ${table} where id = ${id}`,
};

/** Fails unless the table's rows are these, in this order, each as far as it was. */
export function guardRowsSql(table: VersionTable, rows: readonly AppliedRevision[]): string {
  const expected = rows.map(({ id, unfinished }) =>
    unfinished === null ? id : `${id} ${unfinished.direction} ${unfinished.statementsDone}`
  );
  return guard(`(select coalesce(array_agg(id || coalesce(' ' || unfinished || ' ' || ${STATEMENTS_DONE}, '')
      order by seq), '{}') from ${table.qualified}) is distinct from ${quoteTextArray(expected)}`);
}

/** A statement with its arguments, as it is sent. */
export function callSql(
  statement: TableStatement,
  table: VersionTable,
  args: readonly string[],
  sending: Sending,
): string {
  return sending === "prepared"
    ? `execute ${statement.name}(${args.join(", ")})`
    : statement.sql(table.qualified, statement.types.map((type, i) => `${args[i]}::${type}`));
}

/** Deallocates whatever is prepared in this session. */
export const FORGET_STATEMENTS_SQL = "deallocate all";

/** Prepares all of them in this session. Whatever files before this one have prepared goes. */
export function prepareStatementsSql(table: VersionTable): string[] {
  const statements = [GUARD_UP, GUARD_DOWN, INSERT, DELETE].map(({ name, types, sql }) => {
    const args = types.map((_, i) => `$${i + 1}`);
    return `prepare ${name}(${types.join(", ")}) as ${sql(table.qualified, args)}`;
  });
  return [FORGET_STATEMENTS_SQL, ...statements];
}

/** A row of a revision; what is not given is null. */
function insertRow(
  table: string,
  [id, parents, dependsOn, labels, message, up, down, checksum]: readonly string[],
  { duration, unfinished = "null", statementsDone = "null" }: {
    readonly duration: string;
    readonly unfinished?: string;
    readonly statementsDone?: string;
  },
): string {
  return `
    insert into ${table} (id, seq, parents, depends_on, labels, message, up_sql, down_sql, checksum,
      applied_at, applied_by, duration_ms, unfinished, statements_done)
    values (${id}, (select coalesce(max(seq), 0) + 1 from ${table}), ${parents}, ${dependsOn}, ${labels}, ${message},
      ${up}, ${down}, ${checksum}, clock_timestamp(), session_user,
      ${duration}, ${unfinished}, ${statementsDone})`;
}

/** In milliseconds. */
function elapsedSince(time: string): string {
  return `extract(epoch from clock_timestamp() - ${time}) * 1000`;
}

function lastIsNot(table: string, last: string): string {
  return `(select id from ${table} order by seq desc limit 1) is distinct from ${last}`;
}

/** A failing cast is an error that needs no function; clock_timestamp() keeps the planner from casting ahead of time. */
function guard(changed: string): string {
  return `select case when ${changed}
    then cast(concat('the state changed at ', clock_timestamp()) as integer) end`;
}
