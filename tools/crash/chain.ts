/**
 * The chain that is run while everything dies: what people put into revisions, and beside it a trace in a table of the
 * campaign's own, by which anybody can see what took effect, and how often. No statement that makes something could run twice.
 */

import type { RevisionLiteral } from "../../tests/support/project.ts";

/** What is to be there before the chain. It is not mig's, and no revision touches it but to add a line. */
export const EFFECTS = `
  create schema crash;
  create table crash.effects (
    n bigint generated always as identity,
    revision int not null,
    direction text not null,
    statement int not null
  )`;

/** A revision of the chain, and which of its statements leave a trace. */
export interface CrashRevision extends RevisionLiteral {
  readonly up: string;
  readonly down: string;
  readonly traces: Readonly<Record<"up" | "down", readonly number[]>>;
  /** Whether it runs outside of a transaction, with a journal. */
  readonly journaled: boolean;
}

/** A chain of as many revisions. */
export function crashChain(length: number): readonly CrashRevision[] {
  return Array.from({ length }, (_, at) => revisionAt(at));
}

const KINDS = [table, column, func, copy, index, view, rows, partitions, rebuild, enumeration];

function revisionAt(at: number): CrashRevision {
  const kind = KINDS[at % KINDS.length]!;
  // The n-th of each kind works on the tables of its own round through the kinds.
  const { up, down, journaled = false } = kind(Math.floor(at / KINDS.length));
  return {
    message: kind.name,
    up: fileOf(at, "up", up, journaled),
    down: fileOf(at, "down", down, journaled),
    traces: { up: tracesIn(up), down: tracesIn(down) },
    journaled,
  };
}

interface Statements {
  readonly up: readonly string[];
  readonly down: readonly string[];
  readonly journaled?: boolean;
}

/** Where a statement is to leave a trace. */
const TRACE = "trace";

function table(n: number): Statements {
  return {
    up: [
      `create table item_${n} (id int primary key, name text not null, amount numeric(12, 2) not null default 0)`,
      `insert into item_${n} select i, 'item ' || i, i from generate_series(1, 500) i`,
      TRACE,
      `create index item_${n}_name on item_${n} (name)`,
    ],
    down: [`drop table item_${n}`, TRACE],
  };
}

function column(n: number): Statements {
  return {
    up: [`alter table item_${n} add column note text`, TRACE, `update item_${n} set note = 'n' || id`],
    down: [TRACE, `alter table item_${n} drop column note`],
  };
}

function func(n: number): Statements {
  return {
    up: [
      `create function touch_${n}() returns trigger language plpgsql as $body$
begin
  new.amount := new.amount + 1; -- ; and 'quotes' in a body
  return new;
end $body$`,
      `create trigger touch before update on item_${n} for each row execute function touch_${n}()`,
      TRACE,
      `update item_${n} set name = name where id <= 100`,
    ],
    down: [`drop trigger touch on item_${n}`, `drop function touch_${n}()`, TRACE],
  };
}

function copy(n: number): Statements {
  const lines = Array.from({ length: 300 }, (_, i) => `${i}\tline ${i} ; \\\\ é`).join("\n");
  return {
    up: [
      `create table copied_${n} (id int primary key, line text)`,
      `copy copied_${n} from stdin;\n${lines}\n\\.`,
      TRACE,
    ],
    down: [TRACE, `drop table copied_${n}`],
  };
}

function index(n: number): Statements {
  return {
    journaled: true,
    up: [
      TRACE,
      `create index concurrently item_${n}_amount on item_${n} (amount)`,
      TRACE,
      `create unique index concurrently if not exists "Item_${n} id" on item_${n} (id, name)`,
      "select pg_sleep(0.02)",
      TRACE,
    ],
    down: [
      TRACE,
      `drop index concurrently "Item_${n} id"`,
      TRACE,
      `drop index concurrently if exists item_${n}_amount`,
    ],
  };
}

function view(n: number): Statements {
  return {
    up: [`create view seen_${n} as select id, name from item_${n}`, "select pg_sleep(0.03)", TRACE],
    down: [TRACE, `drop view seen_${n}`],
  };
}

function rows(n: number): Statements {
  return {
    up: [
      TRACE,
      `insert into item_${n} select i, repeat('x', 400) || i, i from generate_series(1000, 3000) i`,
      `delete from item_${n} where id % 7 = 0 and id >= 1000`,
    ],
    down: [`delete from item_${n} where id >= 1000`, TRACE],
  };
}

function partitions(n: number): Statements {
  return {
    journaled: true,
    up: [
      `create table log_${n} (id int not null, at int not null) partition by range (at)`,
      `create table log_${n}_a partition of log_${n} for values from (0) to (100)`,
      `create table log_${n}_b partition of log_${n} for values from (100) to (200)`,
      `insert into log_${n} select i, i from generate_series(0, 199) i`,
      TRACE,
      `alter table log_${n} detach partition log_${n}_a concurrently`,
      TRACE,
      `vacuum (analyze) log_${n}`,
      TRACE,
    ],
    down: [TRACE, `drop table log_${n}_a`, `drop table log_${n}`],
  };
}

function rebuild(n: number): Statements {
  return {
    journaled: true,
    up: [
      `reindex index concurrently item_${n}_amount`,
      TRACE,
      `reindex table concurrently item_${n}`,
      "select pg_sleep(0.02)",
      TRACE,
    ],
    down: [TRACE, "select pg_sleep(0.01)", TRACE],
  };
}

function enumeration(n: number): Statements {
  return {
    up: [
      `create type mood_${n} as enum ('sad')`,
      `alter type mood_${n} add value 'ok'`,
      `comment on type mood_${n} is 'of ${n}'`,
      TRACE,
    ],
    down: [`drop type mood_${n}`, TRACE],
  };
}

function fileOf(at: number, direction: string, statements: readonly string[], journaled: boolean): string {
  const lines = statements.map((statement, i) =>
    statement === TRACE
      ? `insert into crash.effects (revision, direction, statement) values (${at}, '${direction}', ${i});`
      : statement.endsWith("\\.")
      ? statement
      : `${statement};`
  );
  return `${journaled ? "-- mig: no-transaction\n" : ""}${lines.join("\n")}\n`;
}

function tracesIn(statements: readonly string[]): number[] {
  return statements.flatMap((statement, i) => statement === TRACE ? [i] : []);
}
