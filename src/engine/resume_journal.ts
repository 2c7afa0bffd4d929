/** Whether an interrupted no-transaction file can be gone on with: what ran must be what stands in it. */

import { MigError } from "../error.ts";
import { quoteLiteral } from "../sql/quote.ts";
import { parseScript } from "../sql/script.ts";
import type { SqlStatement } from "../sql/statement.ts";
import type { Session } from "./database.ts";
import type { Recovery } from "./event.ts";
import { stateChanged } from "./failure.ts";
import type { WholeStep } from "./prepared_step.ts";
import { tidyAfter } from "./run_standalone.ts";
import type { VersionTable } from "./version_table.ts";

/**
 * Checks that the statements which are done still stand in the file, or going on would leave something that no file describes.
 * The next one may have been corrected; what the other one left behind is then put away.
 *
 * @param done how many statements are done
 * @returns whether the next statement was under way, as it stands there now
 * @throws {MigError} `revision-edited` for another beginning, `state-changed` where the row is gone
 */
export async function checkBeginning(
  session: Session,
  step: WholeStep,
  done: number,
  table: VersionTable,
  tell: (recovery: Recovery) => void,
): Promise<boolean> {
  const begun = await readBegun(session, step, table);
  const statements = parseScript(begun.text, step.path).statements;
  const at = statements.slice(0, done).findIndex((statement, i) => isOther(statement, step, i));
  if (at >= 0) throw wasEdited(step, at, statements[at]!, done);
  const next = statements[done];
  if (!begun.underWay || next === undefined) return begun.underWay;
  if (!isOther(next, step, done)) return true;
  if (await tidyAfter(next, { session, tell }) === "done") throw wasEdited(step, done, next, done + 1);
  return false;
}

async function readBegun(
  session: Session,
  { revision, direction }: WholeStep,
  table: VersionTable,
): Promise<{ readonly text: string; readonly underWay: boolean }> {
  const { rows: [row] } = await session.send(
    `select ${direction}_sql as text, statements_done < 0 as under_way from ${table.qualified}
      where id = ${quoteLiteral(revision.id)}`,
  );
  if (row === undefined) throw stateChanged(null);
  return { text: row.text ?? "", underWay: row.under_way === "t" };
}

function isOther(statement: SqlStatement, { script }: WholeStep, at: number): boolean {
  // What was stored is the file as it is written, without the values of its variables.
  const now = script.statements[at];
  return statement.text !== (now?.written ?? now)?.text;
}

function wasEdited(step: WholeStep, at: number, statement: SqlStatement, done: number): MigError {
  return new MigError(
    "revision-edited",
    `cannot go on with revision ${step.revision.id}: its statement ${
      at + 1
    }, which is done, was changed since`,
    {
      locations: [{ path: step.path }],
      hint: [
        `put the first ${done} statement${done === 1 ? "" : "s"} of ${step.path} back to what ran; \
those behind may change`,
        `statement ${at + 1} as it ran: ${statement.text.replaceAll(/\s+/g, " ").slice(0, 120)}`,
      ],
    },
  );
}
