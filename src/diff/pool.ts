/** A session as the library wants it: a pool of node-postgres whose values are JavaScript's. */

import type { Session } from "../engine/database.ts";

/** What the library uses of a pool: it sends SQL without parameters, one query at a time. */
export interface Pool {
  connect(): Promise<{
    query(sql: string): Promise<{ readonly rows: unknown[] }>;
    release(): void;
  }>;
}

/** A pool that hands out a session which is in a transaction already, and leaves it there. */
export function poolOver(session: Session): Pool {
  return {
    connect: () => Promise.resolve({ query: (sql) => query(session, sql), release() {} }),
  };
}

/** Runs a query; its values arrive as JSON has them, since the session itself gives nothing but text. */
export async function queryRows<Row>(session: Session, sql: string): Promise<Row[]> {
  const { rows } = await session.send(`select pg_catalog.row_to_json(q) as row from (${sql}\n) as q`);
  return rows.map(({ row }) => JSON.parse(row!) as Row);
}

async function query(session: Session, sql: string): Promise<{ readonly rows: unknown[] }> {
  if (/^(?:begin|commit|rollback)\b/i.test(sql)) return { rows: [] };
  if (/^\s*(?:--.*\s*)*(?:select|with)\b/i.test(sql)) return { rows: await queryRows(session, sql) };
  await session.run(sql);
  return { rows: [] };
}
