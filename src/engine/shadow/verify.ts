/** Proves revisions in the shadow: each goes up, down and up again, and the schema has to be what it was after each leg. */

import type { Revision } from "../../revision/revision.ts";
import type { Shadow } from "./shadow.ts";
import type { VerifyRemark } from "./edge_trial.ts";
import { type VerifyFinding, VerifyWalk, type WalkOptions } from "./verify_walk.ts";

/** What came out for a revision. */
export interface Verdict {
  readonly revision: Revision;
  /** `irreversible`: it has no down.sql, so only its way up was tried. */
  readonly result: "proven" | "irreversible" | "failed";
  readonly findings: readonly VerifyFinding[];
  /** They do not make it fail. */
  readonly remarks: readonly VerifyRemark[];
  readonly ms: number;
}

/** How to verify. */
export interface VerifyOptions extends WalkOptions {
  /** The whole chain, in the order in which it is replayed. */
  readonly order: readonly Revision[];
  /** Which of it are to be verified. */
  readonly chosen: ReadonlySet<string>;
  readonly onVerdict?: (verdict: Verdict) => void;
}

/** Verifies the chosen revisions in order; it ends with one whose up.sql fails, since nothing can come after that. */
export async function verifyChain(shadow: Shadow, options: VerifyOptions): Promise<Verdict[]> {
  const { order, chosen, onVerdict } = options;
  const verdicts: Verdict[] = [];
  const walk = new VerifyWalk(shadow, options);
  for (const [at, revision] of order.entries()) {
    if (!chosen.has(revision.id)) continue;
    // What leads to it is not its own time.
    await walk.goTo(order.slice(0, at));
    const started = performance.now();
    const { findings, remarks } = await walk.verify(order.slice(0, at), revision);
    const result = findings.length > 0 ? "failed" : revision.reversible ? "proven" : "irreversible";
    const verdict: Verdict = { revision, result, findings, remarks, ms: performance.now() - started };
    verdicts.push(verdict);
    onVerdict?.(verdict);
    if (findings.some(({ kind }) => kind === "up-failed")) break;
  }
  return verdicts;
}
