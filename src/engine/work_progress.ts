/** What PostgreSQL tells of the work that a session is in the middle of (manual, "Progress Reporting"). */

import type { Session } from "./database.ts";

/** How far a long statement is. */
export interface WorkProgress {
  /** As the server names it: `CREATE INDEX CONCURRENTLY`, `VACUUM FULL`, `COPY FROM`. */
  readonly command: string;
  /** As the server names it: `building index: scanning table`; null where the command has none. */
  readonly phase: string | null;
  readonly done: number;
  /** Null where the server does not know. */
  readonly total: number | null;
  readonly unit: "blocks" | "rows" | "bytes" | "transactions";
}

/** How far the statement of a backend is; null for one of which the server does not tell. @param backend SQL for its pid */
export async function findProgress(session: Session, backend: string): Promise<WorkProgress | null> {
  const { rows: [row] } = await session.send(
    `${
      VIEWS.map(({ view, columns }) => `select ${columns} from pg_catalog.${view} where pid = ${backend}`)
        .join("\nunion all\n")
    } limit 1`,
  );
  if (row === undefined) return null;
  return {
    command: row.command!,
    phase: row.phase ?? null,
    done: Number(row.done),
    total: Number(row.total ?? 0) === 0 ? null : Number(row.total),
    unit: row.unit as WorkProgress["unit"],
  };
}

/** The views of PostgreSQL 14 and later, each with the counts that its present phase moves. */
const VIEWS: readonly { readonly view: string; readonly columns: string }[] = [
  {
    view: "pg_stat_progress_create_index",
    columns: `command, phase,
      case when phase like 'waiting%' then lockers_done when blocks_total > 0 then blocks_done else tuples_done end as done,
      case when phase like 'waiting%' then lockers_total when blocks_total > 0 then blocks_total else tuples_total end as total,
      case when phase like 'waiting%' then 'transactions' when blocks_total > 0 then 'blocks' else 'rows' end as unit`,
  },
  {
    view: "pg_stat_progress_copy",
    columns: `command, null::text,
      case when bytes_total > 0 then bytes_processed else tuples_processed end, bytes_total,
      case when bytes_total > 0 then 'bytes' else 'rows' end`,
  },
  {
    view: "pg_stat_progress_vacuum",
    columns: `'VACUUM', phase,
      case when phase like 'vacuuming heap' then heap_blks_vacuumed else heap_blks_scanned end, heap_blks_total, 'blocks'`,
  },
  {
    view: "pg_stat_progress_cluster",
    columns: `command, phase,
      case when phase = 'seq scanning heap' then heap_blks_scanned else heap_tuples_scanned end,
      case when phase = 'seq scanning heap' then heap_blks_total end,
      case when phase = 'seq scanning heap' then 'blocks' else 'rows' end`,
  },
  {
    view: "pg_stat_progress_analyze",
    columns: `'ANALYZE', phase, sample_blks_scanned, sample_blks_total, 'blocks'`,
  },
];
