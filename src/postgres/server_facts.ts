/** What mig asks of a server first, in one round trip with what its user asks first. */

import type postgres from "postgres";
import type { SendResult, ServerFacts, TextRow } from "../engine/database.ts";
import { queryErrorOf } from "./report.ts";

/** A question that was answered before it was asked. */
export interface Answered {
  readonly text: string;
  readonly result: SendResult;
}

/**
 * Asks for the facts, and another question behind them.
 *
 * @param question one statement; what is wrong with it is told when it is asked again
 * @throws what the driver throws
 */
export async function askFacts(
  sql: postgres.Sql,
  question: string | undefined,
): Promise<{ readonly row: TextRow; readonly first: Answered | null }> {
  if (question !== undefined) {
    const both = await sql.unsafe(`${SERVER_FACTS};\n${question}`).catch((error: unknown) => {
      // What ends the session is no fault of the question.
      if (queryErrorOf(error, NO_WORDS).report?.severity !== "ERROR") throw error;
      return null;
    }) as unknown as readonly [DriverResult, DriverResult] | null;
    if (both !== null) {
      const [facts, answer] = both;
      const [row] = resultOf(facts).rows;
      return { row: row!, first: { text: question, result: { ...resultOf(answer), notices: [] } } };
    }
  }
  const [row] = resultOf(await sql.unsafe(SERVER_FACTS)).rows;
  return { row: row!, first: null };
}

const NO_WORDS = Buffer.alloc(0);

/** One round trip for what every run needs to know; each of it exists since PostgreSQL 9. */
const SERVER_FACTS = `
  select current_setting('server_version') as version,
         current_setting('server_version_num') as version_number,
         pg_catalog.current_database() as database,
         current_user as "user",
         pg_catalog.pg_is_in_recovery() as in_recovery,
         current_setting('default_transaction_read_only') as read_only,
         current_setting('lock_timeout') as lock_timeout,
         pg_catalog.pg_backend_pid() as pid,
         extract(epoch from pg_catalog.pg_postmaster_start_time()) as started_at,
         pg_catalog.current_schema() as schema`;

/** The facts in a row; the process id is the one that was announced when the session began. */
export function serverFactsOf(row: TextRow, announcedPid: number | null): ServerFacts {
  return {
    version: row.version!.split(" ")[0]!,
    versionNumber: Number(row.version_number),
    database: row.database!,
    user: row.user!,
    setRole: null,
    inRecovery: row.in_recovery === "t",
    readOnly: row.read_only === "on",
    // A pooler has process ids of its own, by which it finds the session when it is asked to cancel.
    pooled: announcedPid !== null && announcedPid !== Number(row.pid),
    lockTimeoutSet: row.lock_timeout !== "0",
    startedAt: row.started_at ?? null,
    schema: row.schema ?? null,
  };
}

type DriverResult = { readonly count: number | null; readonly [index: number]: unknown } & Iterable<unknown>;

/** The last result of a message that had one or several statements. */
export function resultOf(result: unknown): Omit<SendResult, "notices"> {
  const list = result as unknown[] & { count?: number | null };
  const last = (Array.isArray(list[0]) ? list.at(-1) : list) as DriverResult;
  return { rows: [...last] as TextRow[], count: last.count };
}
