/** What the verbs that move a database decide once they know what is applied. */

import { MigError } from "../error.ts";
import type { AppliedRevision } from "../revision/applied.ts";
import { planDowngrade, planUpgrade } from "../revision/plan.ts";
import { resolveDown, resolveUp } from "../revision/resolve.ts";
import type { Spec } from "../revision/spec.ts";
import type { Chain } from "./chain.ts";
import type { Decide } from "./migrator.ts";
import { findingsOf } from "./survey.ts";

/**
 * Leads up to the specs.
 *
 * The decision throws `revision-edited` when an applied revision's up.sql is not the one that ran, `revision-not-here` when
 * the database has a revision that the folder lacks: what would be built on it is not known.
 */
export function decideUp(chain: Chain, specs: readonly Spec[]): Decide {
  return (rows) => {
    const applied = appliedIds(rows);
    const targets = resolveUp(specs, chain.graph, applied);
    const plan = planUpgrade(chain.graph, applied, targets);
    if (plan.length > 0) refuseDrift(chain, rows);
    return plan;
  };
}

/** Leads down to the spec. */
export function decideDown(chain: Chain, spec: Spec): Decide {
  return (rows) => {
    const applied = appliedIds(rows);
    return planDowngrade(chain.graph, applied, resolveDown(spec, chain.graph, applied));
  };
}

/** The rows of the revisions that are applied, by id; one whose up was interrupted is not. */
export function appliedIds(rows: readonly AppliedRevision[]): ReadonlyMap<string, AppliedRevision> {
  return new Map(rows.filter(({ unfinished }) => unfinished?.direction !== "up").map((row) => [row.id, row]));
}

function refuseDrift(chain: Chain, rows: readonly AppliedRevision[]): void {
  const errors: MigError[] = [];
  for (const finding of findingsOf(chain, rows)) {
    // One that was interrupted may be mended behind the statements that are done; going on with it checks those.
    if (finding.kind === "edited" && finding.applied.unfinished === null) {
      const { id, message } = finding.revision;
      const path = chain.texts.pathOf(finding.revision, "up");
      errors.push(
        new MigError("revision-edited", `revision ${id} "${message}" was edited after it was applied`, {
          locations: [{ path }],
          hint: [
            `put ${path} back to what was applied (\`mig show ${id} --applied\` prints it), \
and make the change in a new revision: mig new "…"`,
          ],
        }),
      );
    }
    if (finding.kind === "not-here") {
      const { id, message } = finding.applied;
      errors.push(
        new MigError(
          "revision-not-here",
          `the database has revision ${id} "${message}", which is not in this folder`,
          {
            hint: [
              "was it applied from another branch? Fetch that branch and try again",
              `see what it did: mig show ${id}`,
            ],
          },
        ),
      );
    }
  }
  if (errors.length === 1) throw errors[0]!;
  if (errors.length > 1) {
    throw new MigError(
      errors[0]!.code,
      `the database and the folder disagree on ${errors.length} revisions`,
      {
        errors,
      },
    );
  }
}
