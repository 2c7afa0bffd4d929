/** Runs a SQL hook in a transaction of its own, with the errors of a revision. */

import { MigError } from "../error.ts";
import { preparesItself } from "../sql/prepares.ts";
import type { SqlStatement } from "../sql/statement.ts";
import { type Notice, QueryError, type Session } from "./database.ts";
import { connectionLost, endsSession, locationOf, NO_SUCH_SAVEPOINT } from "./failure.ts";
import type { OnEvent } from "./event.ts";
import { hideValues } from "./hide_values.ts";
import { pauseBefore, retryReason } from "./lock_retry.ts";
import { pause } from "./pause.ts";
import type { PreparedSqlHook } from "./plan_hooks.ts";
import { resetSql, SAVEPOINT, settingsSql } from "./step_sql.ts";
import { DEFAULT_LOCK_RETRIES, type Timeouts } from "./timeouts.ts";
import { FORGET_STATEMENTS_SQL } from "./table_statements.ts";
import { type Tried, triedData, triedHints, triedMessage } from "./tried.ts";
import type { Watch } from "./watch.ts";

/** What running one needs. */
export interface HookSqlContext {
  readonly timeouts: Timeouts;
  readonly watch: Pick<Watch, "takeBlockers">;
  readonly onNotice: (notice: Notice) => void;
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
}

/**
 * Runs it to its end, statement by statement; anew where another session's locks were in the way.
 *
 * @throws {MigError} `hook-failed`, `transaction-escaped`, `connection-lost` or `interrupted`; nothing of it is kept then
 */
export async function runHookSql(
  session: Session,
  hook: PreparedSqlHook,
  context: HookSqlContext,
): Promise<void> {
  const attempts = 1 + (context.timeouts.lockRetries ?? DEFAULT_LOCK_RETRIES);
  for (let attempt = 1;; attempt++) {
    const failed = await runOnce(session, hook, context);
    if (failed === null) return;
    const blockers = context.watch.takeBlockers();
    const reason = retryReason(failed.error);
    if (reason === null || attempt >= attempts) throw failureOf(failed, hook, { tries: attempt, blockers });
    const pauseMs = pauseBefore(attempt);
    const names = { hook: hook.name, text: hook.path };
    context.onEvent({ type: "hook-retrying", ...names, reason, attempt, attempts, pauseMs, blockers });
    await pause(pauseMs, context.signal);
  }
}

/** Where it failed: at a statement, or at what mig sends around them. */
interface Failed {
  readonly error: QueryError;
  readonly running: SqlStatement | null;
  /** Whether its last message was on its way. */
  readonly closing: boolean;
}

async function runOnce(
  session: Session,
  hook: PreparedSqlHook,
  { timeouts, onNotice, signal }: HookSqlContext,
): Promise<Failed | null> {
  let running: SqlStatement | null = null;
  let closing = false;
  const send = async (text: string, copyData?: string) => {
    const { notices } = await (copyData === undefined ? session.run(text) : session.copyIn(text, copyData));
    notices.forEach(onNotice);
  };
  try {
    await send(
      ["begin", ...settingsSql(hook, timeouts, "set local"), `savepoint ${SAVEPOINT}`].join(";\n"),
    );
    for (const statement of hook.script.statements) {
      if (signal.aborted) break;
      running = statement;
      await send(statement.text, statement.copyData);
    }
    running = null;
    if (signal.aborted) await send("rollback");
    else {
      closing = true;
      const forget = preparesItself(hook.script) ? [FORGET_STATEMENTS_SQL] : [];
      await send(
        [`release savepoint ${SAVEPOINT}`, ...resetSql(session.server.setRole), ...forget, "commit"].join(
          ";\n",
        ),
      );
    }
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    error.notices.forEach(onNotice);
    if (!endsSession(error)) await session.send("rollback").catch(() => {});
    if (!signal.aborted) return { error, running, closing };
  }
  if (signal.aborted) {
    throw new MigError("interrupted", `stopped by you while the hook ${hook.name} ran`, {
      locations: [{ path: hook.path }],
      hint: "the hook was rolled back",
    });
  }
  return null;
}

function hookLost({ error, closing }: Failed, { name, path }: PreparedSqlHook): MigError {
  const { code, message, server, cause } = connectionLost(error, `cannot run the hook ${name}`);
  return new MigError(code, message, {
    locations: [{ path }],
    server,
    cause,
    hint: closing
      ? "whether the server has committed it is not known: see what it does in the database"
      : "nothing of the hook was kept",
    data: { hook: name, sql: path },
  });
}

function failureOf(failed: Failed, hook: PreparedSqlHook, tried: Tried): MigError {
  const { error, running } = failed;
  const { name, path } = hook;
  const report = error.report === null ? null : hideValues(error.report, hook.script);
  if (report === null || endsSession(error)) return hookLost(failed, hook);
  const details = {
    server: report,
    cause: error,
    data: { hook: name, sql: path, ...triedData(report, tried) },
  };
  if (running === null && report.sqlstate === NO_SUCH_SAVEPOINT) {
    return new MigError(
      "transaction-escaped",
      `the hook ${name} ends the transaction that mig opened for it`,
      {
        ...details,
        locations: [{ path }],
        hint: `see with psql what is in the database, and take what ends the transaction out of ${path}`,
      },
    );
  }
  return new MigError("hook-failed", `the hook ${name} failed: ${triedMessage(report, tried)}`, {
    ...details,
    locations: running === null ? [{ path }] : [locationOf(hook, running, error.position, report)],
    hint: [...triedHints(report, tried), "nothing of the hook was kept"],
  });
}
