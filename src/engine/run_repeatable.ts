/** Applies the repeatable scripts that are due, each in one transaction together with its record. */

import { MigError } from "../error.ts";
import { QueryError, type Session } from "./database.ts";
import { endsSession } from "./failure.ts";
import { Pipeline, PipelineFailure } from "./pipeline.ts";
import { type DueScript, postScript, type RepeatableRun, runAlone } from "./post_repeatable.ts";
import { dueOf, type RepeatableReport, repeatableStates, reportStates } from "./repeatable.ts";
import { type RepeatableContext, repeatableFailure } from "./repeatable_failure.ts";
import { prepareRepeatables } from "./repeatable_scripts.ts";
import {
  findRepeatableTable,
  forgetRepeatablesSql,
  readRepeatables,
  repeatableTableStatements,
} from "./repeatable_table.ts";
import { createVersionTableSql } from "./version_table.ts";

/**
 * Applies what is due, under the run lock. Nothing is in flight before or after.
 *
 * @throws {MigError} what failed: that script is not applied, those before it are
 */
export async function runRepeatables(session: Session, run: RepeatableRun): Promise<RepeatableReport> {
  const { repeatables: { files, fits }, version } = run;
  const table = await findRepeatableTable(session, version);
  const states = repeatableStates(files, await readRepeatables(session, table, version));
  const report = reportStates(states, fits(new Set(run.applied)));
  if (report.scripts.length + report.removed.length === 0) return report;
  const due = dueOf(states).map(({ file, reason, applied }): DueScript => ({
    ...prepareRepeatables([file])[0]!,
    reason,
    known: applied,
  }));
  const pipeline = new Pipeline<RepeatableContext>(session, run.onNotice);
  let done = 0;
  try {
    await pipeline.post({
      text: [
        ...(version.exists ? [] : [createVersionTableSql(version)]),
        ["begin", ...repeatableTableStatements(table), "commit"].join(";\n"),
      ].join(";\n"),
      context: { repeatable: null, phase: "create" },
    });
    for (const script of due) {
      const count = () => done++;
      if (run.signal.aborted) break;
      if (script.script.directives.transaction) {
        await postScript(pipeline, script, table, due.length, run, count);
      } else {
        await pipeline.drain();
        await runAlone(session, pipeline, script, table, due.length, run, count);
      }
    }
    await pipeline.drain();
    if (report.removed.length > 0 && !run.signal.aborted) {
      const text = forgetRepeatablesSql(table, report.removed);
      await pipeline.post({ text, context: { repeatable: null, phase: "close" } });
      await pipeline.drain();
      run.onEvent({ type: "repeatables-removed", names: report.removed });
    }
  } catch (error) {
    const cause = error instanceof PipelineFailure ? error.error as QueryError : error;
    if (!(cause instanceof QueryError)) throw error;
    if (!endsSession(cause)) await session.send("rollback").catch(() => {});
    const context = error instanceof PipelineFailure
      ? error.context as RepeatableContext
      : { repeatable: null, phase: "close" as const };
    if (!run.signal.aborted) {
      const failure = repeatableFailure(cause, context, { version, repeatable: table.qualified });
      throw accounted(failure, done, run, context);
    }
  }
  if (run.signal.aborted && done < due.length) {
    await session.send("rollback").catch(() => {});
    throw accounted(
      new MigError("interrupted", "stopped by you while repeatable scripts were applied"),
      done,
      run,
      {
        repeatable: due[done] ?? null,
        phase: "statement",
      },
    );
  }
  return report;
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
      : "nothing of this script was kept",
    ...(steps.length === 0 ? [] : [`every revision of this run is done and stays: ${steps.join(", ")}`]),
    ...(done === 0
      ? []
      : [`${done} script${done === 1 ? "" : "s"} before it ${done === 1 ? "is" : "are"} applied`]),
  ].join("; ");
  const next = ["interrupted", "connection-lost"].includes(error.code)
    ? "`mig up` goes on from there"
    : repeatable === null || ["lock-timeout", "state-changed", "permission-denied"].includes(error.code)
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
