/** What the SQL files of a chain show by themselves: whether each could be read, split and run. */

import { MigError } from "../error.ts";
import type { Chain } from "../engine/chain.ts";
import { checkSteps } from "../engine/prepare.ts";
import type { RepeatableFile } from "../engine/repeatable.ts";
import { prepareRepeatables } from "../engine/repeatable_scripts.ts";
import type { Direction, RevisionId } from "../revision/revision.ts";
import type { Variables } from "../sql/fill_in.ts";
import type { Problem } from "./data.ts";
import { partsOf, problemOfError } from "./problem.ts";

/** Every file that mig would refuse to run, without asking a database. */
export function checkFiles({ graph, texts }: Chain, variables: Variables): Problem[] {
  return graph.order.flatMap((revision) => {
    const check = (direction: Direction) =>
      problemsOf(() => checkSteps([{ direction, revision }], texts, variables), revision.id);
    const up = check("up");
    // Either way reads both files, and would tell the same of one that cannot be read.
    if (up.some(isUnreadable) || !revision.reversible) return up;
    return [...up, ...check("down")];
  });
}

/** Whether it is that a file cannot be read, so that nothing is known of what is in it. */
export function isUnreadable({ kind }: Problem): boolean {
  return kind === "file-failed" || kind === "sql-unreadable";
}

/** The same of the repeatable scripts. */
export function checkRepeatables(files: readonly RepeatableFile[], variables: Variables): Problem[] {
  return problemsOf(() => prepareRepeatables(files, variables));
}

function problemsOf(prepare: () => unknown, revision: RevisionId | null = null): Problem[] {
  try {
    prepare();
    return [];
  } catch (error) {
    if (!(error instanceof MigError)) throw error;
    return partsOf(error).map((part) => problemOfError(part, revision));
  }
}
