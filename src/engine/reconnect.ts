/**
 * A connection that is lost in mid-run. mig connects again, waits until the server has ended what it still ran for the lost
 * one, and reads what was committed. Where the run stands at a step of its plan, it goes on from there; otherwise it stops
 * with the truth.
 */

import { MigError } from "../error.ts";
import type { AppliedRevision } from "../revision/applied.ts";
import { type Notice, QueryError, type Session } from "./database.ts";
import { endsSession } from "./failure.ts";
import { lockAndRead, type Locked, type RunLock } from "./lock.ts";
import type { MigrateOptions } from "./migrator.ts";
import type { Standing } from "./outcome.ts";
import { pause } from "./pause.ts";
import type { CheckedStep } from "./checked_step.ts";
import { isFurther, type Standpoint, standpointOf } from "./standpoint.ts";
import { FLUSH_SQL } from "./step_sql.ts";
import { DEFAULT_RECONNECT_MS } from "./timeouts.ts";
import { watchConnection } from "./watch_connection.ts";
import { refuseStandby } from "./standby.ts";

/** A session, and the run lock that goes with it. */
export interface Line {
  readonly session: Session;
  readonly lock: RunLock;
}

/** How often the connection was lost since a run last came further than ever before. */
export interface Losses {
  readonly furthest: Standpoint;
  readonly inVain: number;
}

/** What came of it: a line to go on with, or why not. */
export type Reconnection =
  | { readonly line: Line; readonly locked: Locked; readonly standpoint: Standpoint; readonly losses: Losses }
  | { readonly line: null; readonly standing: Standing; readonly why: readonly string[] };

/** What is lost. */
export interface LostLine {
  readonly error: QueryError;
  readonly line: Line;
  readonly losses: Losses;
  readonly steps: readonly CheckedStep[];
  /** The rows before the run. */
  readonly before: readonly AppliedRevision[];
}

type Options = MigrateOptions & { readonly onNotice: (notice: Notice) => void };

/** Connects again, and finds out where the run stands. */
export async function reconnect(lost: LostLine, options: Options): Promise<Reconnection> {
  const { error, line: { session: old, lock }, steps, before } = lost;
  options.onEvent({ type: "connection-lost", reason: reasonOf(error), waitMs: waitOf(options) });
  // Behind a pooler the lock has a session of its own, and that may live on.
  await lock.release().catch(() => {});
  const found = await connectAgain(lost, options);
  if (found instanceof Error) {
    return { line: null, standing: { known: false }, why: unreachable(found, options) };
  }
  const { session, locked } = found;
  const { applied } = locked;
  const standpoint = standpointOf(steps, before, applied);
  const losses = standpoint === null ? lost.losses : after(lost.losses, standpoint);
  const why = reasonToStop(error, old, session, standpoint, losses);
  if (why === null) {
    return { line: { session, lock: locked.lock }, locked, standpoint: standpoint!, losses };
  }
  await session.send(FLUSH_SQL).catch(() => {});
  await locked.lock.release().catch(() => {});
  await session.close();
  return { line: null, standing: { known: true, applied }, why };
}

/** The time that there is, in milliseconds; 0 where a run is to stop when its connection is lost. */
export function waitOf({ database, reconnectMs = DEFAULT_RECONNECT_MS }: MigrateOptions): number {
  return database.kind === "embedded" ? 0 : reconnectMs;
}

async function connectAgain(
  lost: LostLine,
  options: Options,
): Promise<{ readonly session: Session; readonly locked: Locked } | Error> {
  const started = performance.now();
  for (let attempt = 0;; attempt++) {
    try {
      return await connect(lost, options);
    } catch (error) {
      if (!(error instanceof MigError || error instanceof QueryError)) throw error;
      const waitedMs = performance.now() - started;
      if (!mayPass(error) || waitedMs >= waitOf(options) || options.signal.aborted) return error;
      options.onEvent({ type: "reconnecting", reason: error.message, waitedMs });
      await pause(
        Math.min(100 * 2 ** attempt, LONGEST_PAUSE_MS) * (0.75 + Math.random() / 2),
        options.signal,
      );
    }
  }
}

async function connect(
  { line: { session: old, lock: { pid } } }: LostLine,
  options: Options,
): Promise<{ readonly session: Session; readonly locked: Locked }> {
  const session = await options.database.connect({ onNotice: options.onNotice });
  try {
    refuseStandby(session, options.database);
    // On a server that was started anew the process of that number is another one.
    const same = session.server.startedAt === old.server.startedAt;
    const lock = { ...options, lost: same ? { pid, waitMs: waitOf(options) } : undefined };
    const [locked] = await Promise.all([lockAndRead(session, lock), watchConnection(session)]);
    return { session, locked };
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** A server that is down, just starting, or not yet the primary may be what we need in a moment. */
function mayPass(error: MigError | QueryError): boolean {
  return error instanceof QueryError
    ? endsSession(error)
    : ["connection-failed", "connection-lost", "read-only-server"].includes(error.code);
}

/** Why a run that knows where it stands does not go on by itself; null where it does. */
function reasonToStop(
  { report }: QueryError,
  old: Session,
  now: Session,
  standpoint: Standpoint | null,
  { inVain }: Losses,
): string[] | null {
  if (standpoint === null) return ["somebody else has changed the version table meanwhile: see `mig status`"];
  // A server that shuts down says the same to everybody; this one has not been started again.
  if (report?.sqlstate === ADMIN_SHUTDOWN && old.server.startedAt === now.server.startedAt) {
    return [
      // Behind a pooler that is no process of the server.
      `somebody has ended mig's session${
        old.server.pooled ? "" : `, pid ${old.pid}`
      } (pg_terminate_backend), and the server runs on: \
mig takes that as being told to stop. The server's log has the time of it`,
    ];
  }
  if (report?.sqlstate === TRANSACTION_TIMEOUT) {
    return ["the server's transaction_timeout ended it, and would do so again: raise it for this role"];
  }
  if (inVain > MOST_IN_VAIN) {
    return [
      `the connection was lost ${inVain} times at the same place, so this may be what brings the server down: \
look into its log, and at its memory and disk, before you try again`,
    ];
  }
  return null;
}

function after({ furthest, inVain }: Losses, now: Standpoint): Losses {
  return isFurther(now, furthest) ? { furthest: now, inVain: 1 } : { furthest, inVain: inVain + 1 };
}

function reasonOf({ report }: QueryError): string | null {
  return report?.message ?? null;
}

function unreachable(error: Error, options: MigrateOptions): string[] {
  const seconds = Math.round(waitOf(options) / 1000);
  return error instanceof MigError && !mayPass(error)
    ? [error.message, ...error.hints]
    : [`the server could not be reached again within ${seconds} s: ${error.message}`];
}

const LONGEST_PAUSE_MS = 3000;
/** A statement that brings the server down must not do so for ever. */
const MOST_IN_VAIN = 2;
const ADMIN_SHUTDOWN = "57P01";
const TRANSACTION_TIMEOUT = "25P04";
