/** From where to where a script leads, and what it therefore runs. */

import { MigError } from "../error.ts";
import { fromGitRange } from "../revision/git_range.ts";
import { planDowngrade, planUpgrade, type Step } from "../revision/plan.ts";
import { resolve, resolveDown, resolveUp } from "../revision/resolve.ts";
import type { Direction, RevisionId } from "../revision/revision.ts";
import { parseSpec, type Spec } from "../revision/spec.ts";
import type { Chain } from "./chain.ts";
import { decideDown, decideUp } from "./decide.ts";
import type { Decide } from "./migrator.ts";

/** A range as it was typed: `from:to`. */
export interface ScriptRange {
  /** Null where it begins at the database: `current`. */
  readonly from: Spec | null;
  readonly to: Spec;
}

/**
 * Reads `from:to`. On the way up both may be left out, for the base and the head; one word alone is where it leads to.
 *
 * @throws {MigError} `usage`
 */
export function parseScriptRange(text: string, direction: Direction): ScriptRange {
  const parts = text.split(":").map((part) => part.trim());
  const [from, to] = parts.length === 1 ? ["", parts[0]!] : parts;
  const meant = fromGitRange(text);
  if (meant !== null || parts.length > 2 || (direction === "down" && (!from || !to))) {
    throw new MigError("usage", `cannot read "${text}" as a range of revisions`, {
      hint: meant !== null
        ? `write it as \`${meant}\``
        : direction === "up"
        ? "write it as from:to, e.g. base:head, 3f9a:head or current:head"
        : "a script for the way down names both ends: `mig down --sql head:base`, `mig down --sql current:-1`",
    });
  }
  return {
    from: from === "current" ? null : parseSpec(from || "base"),
    to: parseSpec(to || "head"),
  };
}

/** What a database has that is at `from`, and the steps from there to `to`. */
export function planRange(
  { graph }: Chain,
  from: Spec,
  to: Spec,
  direction: Direction,
): { readonly applied: readonly RevisionId[]; readonly plan: readonly Step[] } {
  const applied = graph.ancestors(resolve(from, graph, new Set()).ids);
  const target = direction === "up" ? resolveUp([to], graph, applied) : resolveDown(to, graph, applied);
  const plan = "ids" in target ? planDowngrade(graph, applied, target) : planUpgrade(graph, applied, target);
  return { applied: [...applied], plan };
}

/** The same from where the database is. */
export function decideFromDatabase(chain: Chain, to: Spec, direction: Direction): Decide {
  const decide = direction === "up" ? decideUp(chain, [to]) : decideDown(chain, to);
  return (rows) => {
    const unfinished = rows.find((row) => row.unfinished !== null);
    if (unfinished === undefined) return decide(rows);
    const { id, message } = unfinished;
    const verb = unfinished.unfinished!.direction;
    throw new MigError("revision-unfinished", `${verb} of revision ${id} "${message}" was interrupted`, {
      hint: [
        "a script cannot go on in the middle of a file: let mig finish it",
        `or finish it by hand, and record that with: mig stamp ${id}`,
      ],
      data: { revision: id, direction: verb },
    });
  };
}
