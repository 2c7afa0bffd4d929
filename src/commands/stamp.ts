/** `mig stamp`: records revisions as applied, without running them. */

import { appliedIds } from "../engine/decide.ts";
import { decideStamp, planStamping, stamp as stampDatabase, type StampReport } from "../engine/stamp.ts";
import type { Chain } from "../engine/chain.ts";
import type { AppliedRevision } from "../revision/applied.ts";
import { parseSpec } from "../revision/spec.ts";
import type { Command } from "./command.ts";
import { currentOf } from "./current.ts";
import type { StampChange, StampData } from "./data.ts";
import { DRY_RUN, LOCK_WAIT } from "./migrate.ts";

export const stamp: Command<StampData> = {
  spec: {
    name: "stamp",
    operands: "<revision>…",
    arity: [1, Infinity],
    about: [
      "Makes the version table say that the revisions you name are applied, with all that leads to them, and nothing that comes \
after them; what stands beside them on other branches stays. No SQL of a revision runs: it is for a database that was changed by hand \
or by another tool. base forgets everything. The version table is made where it is missing.",
      "A revision whose run was interrupted, and which you have finished by hand, counts as applied once you stamp it.",
      "Rows of revisions that this folder lacks are never touched; with --purge every row is deleted first, those too.",
    ],
    flags: [
      { ...DRY_RUN, summary: "Show which rows would change; change nothing" },
      { name: "purge", summary: "Delete every row first, also those of revisions that this folder lacks" },
      LOCK_WAIT,
      { name: "lock-timeout", value: "TIME", summary: "How long to wait for a lock on the version table" },
    ],
    examples: [
      { command: "mig stamp head", does: "everything is there already: record it" },
      { command: "mig stamp 3f9a --dry-run", does: "show which rows would be written and deleted" },
      { command: "mig stamp base", does: "forget everything; the tables stay" },
    ],
  },
  missingDatabase: "make",
  async run(input, app) {
    const specs = input.operands.map(parseSpec);
    const chain = await app.openChain();
    const decide = decideStamp(chain, specs, input.switches.has("purge"));
    const options = { ...app, database: await app.openDatabase(), texts: chain.texts };
    const dryRun = input.switches.has("dry-run");
    const report = dryRun ? await planStamping(options, decide) : await stampDatabase(options, decide);
    return stampData(chain, report, dryRun);
  },
};

/** The answer, of `mig baseline` too. */
export function stampData({ graph }: Chain, report: StampReport, dryRun: boolean): StampData {
  const { database, made, before, after, plan } = report;
  const rows = new Map(before.map((row) => [row.id, row]));
  const changeOf =
    (change: StampChange["change"]) => ({ id, message }: Pick<AppliedRevision, "id" | "message">) => ({
      change,
      id,
      message,
      unfinished: change === "record" ? null : rows.get(id)?.unfinished ?? null,
    });
  const applied = appliedIds(after);
  return {
    kind: "stamp",
    dryRun,
    database,
    made,
    changes: [
      ...plan.forget.map(changeOf("forget")),
      ...plan.finish.map(changeOf("finish")),
      ...plan.record.map(changeOf("record")),
    ],
    current: currentOf(graph, after).map(({ id, message }) => ({ id, message })),
    pending: graph.order.filter(({ id }) => !applied.has(id)).length,
  };
}
