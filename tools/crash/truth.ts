/** What is true of a database, asked by SQL alone: mig has no part in it. */

import postgres from "postgres";
import { idAt } from "../../tests/support/project.ts";
import { SCHEMA } from "../../tests/support/database.ts";
import type { CrashRevision } from "./chain.ts";

/** A row of the version table. */
export interface VersionRow {
  readonly id: string;
  readonly unfinished: "up" | "down" | null;
  readonly done: number | null;
}

/** What took effect, and what is recorded, at one moment. */
export interface Truth {
  readonly rows: readonly VersionRow[];
  readonly effects: readonly { revision: number; direction: "up" | "down"; statement: number }[];
}

/** Uses a connection of the campaign's own. */
export async function withSql<T>(url: string, use: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, {
    max: 1,
    onnotice: () => {},
    connect_timeout: 10,
    connection: { application_name: "crash" },
  });
  try {
    return await use(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** Reads both in one snapshot, whoever else is at work. */
export async function readTruth(url: string): Promise<Truth> {
  return await withSql(url, (sql) =>
    sql.begin("isolation level repeatable read read only", async (sql) => {
      const [found] = await sql.unsafe("select to_regclass('public.mig_version') is not null as there");
      const rows = found!.there
        ? await sql.unsafe(
          "select id, unfinished, greatest(statements_done, -1 - statements_done) as done from public.mig_version order by seq",
        )
        : [];
      const effects = await sql.unsafe("select revision, direction, statement from crash.effects order by n");
      return { rows: [...rows], effects: [...effects] } as unknown as Truth;
    }) as Promise<Truth>);
}

/**
 * What is wrong: a revision that is applied and not recorded, recorded and not applied, or applied twice. A statement of a
 * journaled file may be done and not yet noted only where it cannot run in a transaction, and none of those leaves a trace.
 */
export function faultsOf({ rows, effects }: Truth, chain: readonly CrashRevision[]): string[] {
  const faults: string[] = [];
  for (const [at, row] of rows.entries()) {
    if (row.id !== idAt(at)) faults.push(`row ${at + 1} of the version table is ${row.id}`);
    if (row.unfinished !== null && at !== rows.length - 1) {
      faults.push(`${row.id} is unfinished within the chain`);
    }
  }
  for (const [at, revision] of chain.entries()) {
    const row = rows.find(({ id }) => id === idAt(at));
    const expected = [
      ...(row?.unfinished === "up" ? before(revision.traces.up, row.done!) : row ? revision.traces.up : [])
        .map((s) => `up ${s}`),
      ...(row?.unfinished === "down" ? before(revision.traces.down, row.done!) : []).map((s) => `down ${s}`),
    ];
    const mine = effects.filter((effect) => effect.revision === at).map((e) =>
      `${e.direction} ${e.statement}`
    );
    // Whole journeys up and down before this one count for nothing.
    const journey = [
      ...revision.traces.up.map((s) => `up ${s}`),
      ...revision.traces.down.map((s) => `down ${s}`),
    ];
    while (mine.length > expected.length && journey.every((trace, i) => mine[i] === trace)) {
      mine.splice(0, journey.length);
    }
    if (mine.join() !== expected.join()) {
      faults.push(
        `${idAt(at)} is recorded as [${expected.join(", ")}], and what took effect is [${mine.join(", ")}]`,
      );
    }
  }
  return faults;
}

function before(traces: readonly number[], done: number): number[] {
  return traces.filter((statement) => statement < done);
}

/** Schema and data as text that is equal for equal ones. */
export async function pictureOf(url: string): Promise<string> {
  return await withSql(url, async (sql) => {
    const [schema] = await sql.unsafe(SCHEMA);
    const inherits = await sql.unsafe(
      `select format('%s of %s, detach pending: %s', inhrelid::regclass, inhparent::regclass, inhdetachpending) as line
         from pg_inherits where inhparent::regclass::text not like 'pg\\_%' order by 1`,
    );
    const tables = await sql.unsafe(
      `select quote_ident(relname) as name from pg_class
        where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'mig_version' order by 1`,
    );
    const data: string[] = [];
    for (const { name } of tables) {
      const [row] = await sql.unsafe(
        `select count(*) || ' ' || coalesce(md5(string_agg(t::text, ' ' order by t::text)), '') as line from ${name} t`,
      );
      data.push(`${name}: ${row!.line}`);
    }
    return [schema!.text ?? "", ...inherits.map(({ line }) => line), ...data].join("\n");
  });
}
