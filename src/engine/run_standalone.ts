/**
 * Runs a statement of a no-transaction file that cannot share a transaction with its note in the journal.
 *
 * Before it runs, the journal notes that it is under way, but only if its effect is not there yet; after an interruption an
 * effect that is there is therefore its own. What is there half is put away or finished first.
 */

import { MigError } from "../error.ts";
import type { SqlStatement } from "../sql/statement.ts";
import { standaloneEffect } from "../sql/standalone.ts";
import { labelOf } from "../sql/words.ts";
import type { Session } from "./database.ts";
import type { Recovery } from "./event.ts";
import { dropInvalidIndex, type InvalidIndex } from "./index_recovery.ts";
import { type StandaloneState, standaloneState } from "./standalone_state.ts";

/** What running it needs of the step that it stands in. */
export interface StandaloneRun {
  readonly session: Session;
  /** Whether the journal says that it was under way when the run before ended. */
  readonly underWay: boolean;
  /** Runs the statement itself. */
  run(): Promise<void>;
  /** Notes that it is under way. */
  mark(): Promise<void>;
  /** Notes that it is done; with SQL that has to be done in the same transaction. */
  advance(together?: string): Promise<void>;
  tell(recovery: Recovery): void;
}

/**
 * Runs the statement, or what is left to do of it, and has it noted.
 *
 * @throws {MigError} `sql-failed` when somebody else is building the index at this moment
 */
export async function runStandalone(statement: SqlStatement, run: StandaloneRun): Promise<void> {
  const effect = standaloneEffect(statement);
  const state = await standaloneState(run.session, effect);
  const pending = state.is === "half" && "finishSql" in state ? state.finishSql : null;
  if (run.underWay && state.is === "done") {
    run.tell({ what: "was-done", name: labelOf(statement) });
    return await run.advance();
  }
  if (run.underWay && pending !== null) {
    run.tell({ what: "finished", name: labelOf(statement) });
    return await run.advance(pending);
  }
  // Nobody has use for an INVALID index of the name that this statement gives, whoever left it.
  if (run.underWay || effect?.kind === "index") await putAway(state, run);
  if (run.underWay && state.is === "unknown") run.tell({ what: "again", name: labelOf(statement) });
  // What is there before is not of our making, and is the server's to judge.
  if (!run.underWay && state.is !== "done" && pending === null) await run.mark();
  await run.run();
  await run.advance();
}

/** Puts away what an interrupted statement left that does not stand in the file any more. */
export async function tidyAfter(
  statement: SqlStatement,
  run: Pick<StandaloneRun, "session" | "tell">,
): Promise<StandaloneState["is"]> {
  const state = await standaloneState(run.session, standaloneEffect(statement));
  await putAway(state, run);
  return state.is;
}

async function putAway(
  state: StandaloneState,
  { session, tell }: Pick<StandaloneRun, "session" | "tell">,
): Promise<void> {
  if (state.is !== "half" || !("indexes" in state)) return;
  for (const index of state.indexes) {
    if (index.builder !== null) throw isBeingBuilt(index, index.builder);
    tell({ what: "index-dropped", name: index.name });
    await dropInvalidIndex(session, index);
  }
}

function isBeingBuilt({ qualified }: InvalidIndex, pid: number): MigError {
  return new MigError(
    "sql-failed",
    `the index ${qualified} is being built at this moment, by the backend with pid ${pid}`,
    {
      hint: [
        "it is what a run that was killed has left running, or somebody else's: wait until it is done, then run the command again",
        `see it: select * from pg_stat_progress_create_index where pid = ${pid}`,
      ],
      data: { pid },
    },
  );
}
