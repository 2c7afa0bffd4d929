/** What `mig verify` found, in words, with what to do about it. */

import type { VerifyRemark } from "../engine/shadow/edge_trial.ts";
import type { RowLoss } from "../engine/shadow/row_losses.ts";
import type { VerifyFinding } from "../engine/shadow/verify_walk.ts";
import type { Direction, Revision, RevisionTexts } from "../revision/revision.ts";
import type { Problem } from "./data.ts";
import { problemOfError } from "./problem.ts";
import { textDiff } from "./text_diff.ts";

/** The kind that a finding has for people. */
export function findingKind(finding: VerifyFinding): string {
  if (finding.kind !== "down-differs") return finding.kind;
  const { before, after } = finding.difference;
  return before === null ? "left-behind" : after === null ? "lost" : "not-restored";
}

/** What a revision depends on, as a sentence with its place and a hint. */
export function remarkProblem(remark: VerifyRemark, revision: Revision, texts: RevisionTexts): Problem {
  const kind = "depends-on-rows";
  if (remark.kind === "lost") {
    const { direction } = remark.loss;
    return {
      kind,
      revision: revision.id,
      message: `with rows that have NULL, long values or those of another row, ${lossText(remark.loss)}`,
      location: { path: texts.pathOf(revision, direction), line: null, column: null },
      hints: [`be sure that this is meant, or that there are no such rows`],
      diff: null,
    };
  }
  const { direction, error } = remark;
  const problem = problemOfError(error, revision.id);
  const { message = problem.message, detail } = error.server ?? {};
  return {
    ...problem,
    kind,
    message: `${direction}.sql fails on some rows that the schema allows: ${message}${
      detail === undefined ? "" : ` (${detail.replace(/\.$/, "")})`
    }`,
    hints: [`mend such rows in ${direction}.sql before, or be sure that there are none`],
  };
}

function lossText({ direction, table, text }: RowLoss): string {
  return `${direction === "up" ? "up.sql" : "after up and down,"} ${text} ${table}`;
}

/** A finding as a sentence with its place, its SQL and hints. */
export async function findingProblem(
  finding: VerifyFinding,
  revision: Revision,
  texts: RevisionTexts,
): Promise<Problem> {
  const { kind } = finding;
  switch (kind) {
    case "up-failed":
    case "down-failed":
    case "again-failed": {
      const problem = problemOfError(finding.error, revision.id);
      const message = kind === "again-failed" ? `${problem.message}, after down.sql` : problem.message;
      const hints = kind === "again-failed"
        ? ["down.sql leaves something behind that is in its way"]
        : problem.hints;
      return { ...problem, kind, message, hints };
    }
    case "rows-refused": {
      const problem = problemOfError(finding.error, revision.id);
      const message = `${finding.direction}.sql works on empty tables, and fails with rows in them: ${
        finding.error.server?.message ?? problem.message
      }`;
      const hints = ["the rows are samples that mig has made: `mig verify --no-rows` leaves them out"];
      return { ...problem, kind, message, hints };
    }
    case "down-differs": {
      const { title, before, after } = finding.difference;
      const [verb, hint] = before === null
        ? ["leaves behind", "take it back in down.sql"]
        : after === null
        ? ["takes away and was there before:", "leave it in down.sql, or make it again"]
        : ["does not restore as it was:", "compare the two, and complete down.sql"];
      return await problem(
        findingKind(finding),
        revision,
        "down",
        `down.sql ${verb} ${title}`,
        [hint!],
        texts,
        before,
        after,
      );
    }
    case "again-differs": {
      const { title, before, after } = finding.difference;
      const message = `up.sql after down.sql does not lead to the same: ${title}`;
      return await problem(
        kind,
        revision,
        "up",
        message,
        ["does it depend on what was there before?"],
        texts,
        before,
        after,
      );
    }
    case "rows-lost": {
      const { direction } = finding.loss;
      return {
        kind,
        revision: revision.id,
        message: lossText(finding.loss),
        location: { path: texts.pathOf(revision, direction), line: null, column: null },
        hints: ["if that is meant, `mig verify --ignore rows-lost` does not mind"],
        diff: null,
      };
    }
  }
}

async function problem(
  kind: string,
  revision: Revision,
  direction: Direction,
  message: string,
  hints: readonly string[],
  texts: RevisionTexts,
  before: string | null,
  after: string | null,
): Promise<Problem> {
  const diff = await textDiff(
    { name: "as it should be", text: before === null ? "" : `${before}\n` },
    { name: "as it is", text: after === null ? "" : `${after}\n` },
  );
  const path = texts.pathOf(revision, direction);
  return { kind, revision: revision.id, message, location: { path, line: null, column: null }, hints, diff };
}
