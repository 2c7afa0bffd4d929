/** `mig up --sql` and `mig down --sql`: a script for a DBA instead of a run. */

import { MigError } from "../error.ts";
import type { Chain } from "../engine/chain.ts";
import { prepareMigration } from "../engine/look_ahead.ts";
import { prepareWholeSteps } from "../engine/prepare.ts";
import { stepOf } from "../engine/report.ts";
import { mentionsDeferrable, type ScriptPlan, writeScript } from "../engine/script.ts";
import { prepareDue, prepareRepeatables } from "../engine/repeatable_scripts.ts";
import { decideFromDatabase, parseScriptRange, planRange, type ScriptRange } from "../engine/script_range.ts";
import { assumeVersionTable } from "../engine/version_table.ts";
import type { Direction } from "../revision/revision.ts";
import type { App } from "./app.ts";
import type { FlagSpec, Input } from "./command.ts";
import type { ScriptData } from "./data.ts";
import { hooksFor } from "./file_hooks.ts";
import { repeatablesFor } from "./repeatables.ts";

/** The flags of a script. */
export const SCRIPT_FLAGS: readonly FlagSpec[] = [
  { name: "sql", summary: "Write a script for psql instead of running, from:to; no database is asked" },
  { name: "output", short: "o", value: "FILE", summary: "Where --sql writes to (standard output)" },
];

/** Whether a script is asked for. */
export function wantsScript({ switches, values }: Input): boolean {
  if (switches.has("sql")) return true;
  if (values.output === undefined) return false;
  throw new MigError("usage", "--output is where --sql writes its script, and there is no --sql", {
    hint: "write both: --sql --output script.sql",
  });
}

/** Writes the script. */
export async function makeScript(direction: Direction, input: Input, app: App): Promise<ScriptData> {
  const { operands: [typed = "base:head", ...more], values: { output } } = input;
  if (more.length > 0 || input.switches.has("dry-run")) {
    throw new MigError(
      "usage",
      more.length > 0
        ? "--sql takes one range of revisions"
        : "--sql runs nothing, so --dry-run means nothing",
      { hint: `write it as: mig ${direction} --sql from:to` },
    );
  }
  const range = parseScriptRange(typed, direction);
  const hooks = new Set(
    hooksFor(input, app).map(({ name }) => name).filter((name) => name.endsWith(`_${direction}`)),
  );
  if (hooks.size > 0) {
    app.show([`warning: the script does not hold the hooks ${[...hooks].join(" and ")} of mig.json`]);
  }
  const chain = await app.openChain();
  const plan = await planScript(direction, typed, range, chain, app);
  if (plan.steps.length === 0) {
    if (range.from !== null) throw leadsNowhere(direction, typed);
    app.show([
      plan.repeatables.length === 0
        ? "nothing to do: the database is there already, and all that the script does is to check that"
        : "no revision is pending: the script applies the repeatable scripts that have changed",
    ]);
  }
  const script = writeScript(plan);
  if (output !== undefined) app.writeFile(output, script.text);
  else app.show([`run it with: ${script.transaction === "one" ? "psql -1 -f" : "psql -f"} FILE DATABASE`]);
  const filled = new Set(plan.steps.flatMap(({ script }) => [...script.values?.keys() ?? []]));
  if (filled.size > 0) {
    app.show([
      `warning: the script holds the values of ${[...filled].join(", ")}: keep it where you would keep them`,
    ]);
  }
  if (script.reason !== null) {
    app.show([
      `warning: the script cannot be one transaction: ${script.reason}. It commits each revision by itself; \
run it without psql's -1 (the script refuses it)`,
    ]);
  }
  return {
    kind: "script",
    direction,
    steps: plan.steps.map((step) => stepOf(step)),
    repeatable: plan.repeatables.map(({ file: { name, path } }) => ({ name, path })),
    transaction: script.transaction,
    reason: script.reason,
    output: output ?? null,
    script: output === undefined ? script.text : null,
  };
}

async function planScript(
  direction: Direction,
  typed: string,
  { from, to }: ScriptRange,
  chain: Chain,
  app: App,
): Promise<ScriptPlan> {
  const { graph, texts } = chain;
  const repeatables = await repeatablesFor(chain, direction, app);
  const shared = {
    timeouts: app.timeouts,
    role: app.role,
    command: `mig ${direction} --sql ${typed}`,
    remedy: `mig ${direction} --sql current:${to.text}`,
    deferrable: graph.order.some((revision) => mentionsDeferrable(texts.open(revision, "up"))),
  };
  if (from === null) {
    const database = await app.openDatabase();
    const { applied, prepared, repeatable, table } = await prepareMigration(
      { database, texts, variables: app.variables, table: app.table, repeatables },
      decideFromDatabase(chain, to, direction),
    );
    return {
      ...shared,
      start: { table, assumed: null, applied: applied.map(({ id }) => id) },
      steps: prepared,
      repeatables: repeatable === null ? [] : prepareDue(repeatables!.files, repeatable, app.variables),
    };
  }
  const { applied, plan } = planRange(chain, from, to, direction);
  const assumed = app.table.includes(".") ? null : app.table;
  return {
    ...shared,
    start: { table: assumeVersionTable(app.table), assumed, applied },
    steps: prepareWholeSteps(plan, texts, app.variables),
    // Nobody can be asked which of them have changed, and none minds being applied again.
    repeatables: repeatables?.fits(new Set([...applied, ...plan.map(({ revision }) => revision.id)]))
      ? prepareRepeatables(repeatables.files, app.variables)
      : [],
  };
}

function leadsNowhere(direction: Direction, typed: string): MigError {
  const other = direction === "up" ? "down" : "up";
  return new MigError("usage", `"${typed}" has nothing to ${direction === "up" ? "apply" : "undo"}`, {
    hint:
      `from:to names where the database is, then where it shall be; the other way is \`mig ${other} --sql\``,
  });
}
