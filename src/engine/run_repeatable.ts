/** Applies the repeatable scripts that are due, each in one transaction together with its record. */

import { MigError } from "../error.ts";
import { QueryError, type Session } from "./database.ts";
import { endsSession } from "./failure.ts";
import { pauseBefore, retryReason } from "./lock_retry.ts";
import { pause } from "./pause.ts";
import { Pipeline, PipelineFailure } from "./pipeline.ts";
import { type DueScript, postScript, type RepeatableRun, runAlone } from "./post_repeatable.ts";
import { dueOf, type RepeatableReport, repeatableStates, reportStates } from "./repeatable.ts";
import { type RepeatableContext, repeatableFailure } from "./repeatable_failure.ts";
import { type PreparedRepeatable, prepareRepeatables } from "./repeatable_scripts.ts";
import {
  findRepeatableTable,
  forgetRepeatablesSql,
  readRepeatables,
  type RepeatableTable,
  repeatableTableName,
  repeatableTableStatements,
} from "./repeatable_table.ts";
import { DEFAULT_LOCK_RETRIES } from "./timeouts.ts";
import { createVersionTableSql, type VersionTable } from "./version_table.ts";

/**
 * Applies what is due, under the run lock. Nothing is in flight before or after. A script that another session's locks made fail is
 * tried again, as a revision is.
 *
 * @throws {MigError} what failed: that script is not applied, those before it are
 */
export async function runRepeatables(session: Session, run: RepeatableRun): Promise<RepeatableReport> {
  const { repeatables: { files, fits }, timeouts: { lockRetries = DEFAULT_LOCK_RETRIES } } = run;
  let { version } = run;
  let known: RepeatableReport | null = null;
  const finished = new Set<string>();
  let failing: string | null = null, attempt = 1;
  for (;;) {
    let at: RepeatableContext = { repeatable: null, phase: "close" };
    try {
      const table = await findRepeatableTable(session, version);
      const states = repeatableStates(files, await readRepeatables(session, table, version));
      known ??= reportStates(states, fits(new Set(run.applied)));
      if (known.scripts.length + known.removed.length === 0) return known;
      at = { repeatable: null, phase: "create" };
      if (!table.exists) await session.send(createSql(version, table));
      version = { ...version, exists: true };
      const due = dueOf(states).map(({ file, reason, applied }): DueScript => ({
        ...prepareRepeatables([file], run.variables)[0]!,
        reason,
        known: applied,
      }));
      await postAll(
        session,
        due,
        { ...run, version },
        { ...table, exists: true },
        (name) => finished.add(name),
      );
      at = { repeatable: null, phase: "close" };
      if (run.signal.aborted && finished.size < known.scripts.length) {
        await session.send("rollback");
        throw interrupted(due.find(({ file }) => !finished.has(file.name)) ?? null, finished.size, run);
      }
      await forget(session, known.removed, table, run);
      return known;
    } catch (error) {
      const cause = error instanceof PipelineFailure ? error.error as QueryError : error;
      if (!(cause instanceof QueryError)) throw error;
      if (error instanceof PipelineFailure) at = error.context as RepeatableContext;
      if (!endsSession(cause)) await session.send("rollback").catch(() => {});
      if (run.signal.aborted) throw interrupted(at.repeatable, finished.size, run);
      const { repeatable } = at;
      attempt = repeatable !== null && repeatable.file.name === failing ? attempt + 1 : 1;
      failing = repeatable?.file.name ?? null;
      const reason = retryReason(cause);
      const blockers = run.watch.takeBlockers();
      if (reason === null || repeatable === null || attempt > lockRetries) {
        const tables = { version, repeatable: repeatableTableName(version) };
        const failure = repeatableFailure(cause, at, tables, { tries: attempt, blockers });
        throw accounted(failure, finished.size, run, at);
      }
      const pauseMs = pauseBefore(attempt);
      const { path } = repeatable;
      const attempts = lockRetries + 1;
      run.onEvent({ type: "repeatable-retrying", path, reason, attempt, attempts, pauseMs, blockers });
      await pause(pauseMs, run.signal);
    }
  }
}

function createSql(version: VersionTable, table: RepeatableTable): string {
  return [
    ...(version.exists ? [] : [createVersionTableSql(version)]),
    ["begin", ...repeatableTableStatements(table), "commit"].join(";\n"),
  ].join(";\n");
}

/** Applies scripts until one fails or the user stops it. */
async function postAll(
  session: Session,
  due: readonly DueScript[],
  run: RepeatableRun,
  table: RepeatableTable,
  finished: (name: string) => void,
): Promise<void> {
  const pipeline = new Pipeline<RepeatableContext>(session, run.onNotice);
  for (const script of due) {
    if (run.signal.aborted) break;
    const done = () => finished(script.file.name);
    if (script.script.directives.transaction) {
      await postScript(pipeline, script, table, due.length, run, done);
    } else {
      await pipeline.drain();
      await runAlone(session, pipeline, script, table, due.length, run, done);
    }
  }
  await pipeline.drain();
}

/** What was made by a script whose file is gone stays; it is told once. */
async function forget(
  session: Session,
  names: readonly string[],
  table: RepeatableTable,
  { onEvent }: RepeatableRun,
): Promise<void> {
  if (names.length === 0) return;
  await session.send(forgetRepeatablesSql(table, names));
  onEvent({ type: "repeatables-removed", names });
}

function interrupted(repeatable: PreparedRepeatable | null, done: number, run: RepeatableRun): MigError {
  const error = new MigError("interrupted", "stopped by you while repeatable scripts were applied");
  return accounted(error, done, run, { repeatable, phase: "statement" });
}

/** Adds to an error what stands, and what to do next. */
function accounted(
  error: MigError,
  done: number,
  { steps, applied }: RepeatableRun,
  { repeatable }: RepeatableContext,
): MigError {
  const kept = [
    repeatable?.script.directives.transaction === false
      ? "the script runs outside of a transaction, so the statements before this one stay"
      : error.code === "connection-lost"
      ? "whether the server has committed this script is not known: `mig status` tells"
      : "nothing of this script was kept",
    ...(steps.length === 0 ? [] : [`every revision of this run is done and stays: ${steps.join(", ")}`]),
    ...(done === 0
      ? []
      : [`${done} script${done === 1 ? "" : "s"} before it ${done === 1 ? "is" : "are"} applied`]),
  ].join("; ");
  const next = ["interrupted", "connection-lost"].includes(error.code)
    ? "`mig up` goes on from there"
    : repeatable === null || error.data.tries !== undefined ||
        ["lock-timeout", "state-changed", "permission-denied"].includes(error.code)
    ? "then run `mig up` again: it goes on with the scripts"
    : `correct ${repeatable.path} and run \`mig up\` again: it goes on with the scripts`;
  return new MigError(error.code, error.message, {
    locations: error.locations,
    server: error.server,
    cause: error.cause,
    hint: [...error.hints, kept, next],
    data: { ...error.data, done: steps, applied },
  });
}
