/** A short campaign of `deno task crash`: a few rounds of each death, with the same choices each time. */

import { assertEquals } from "@std/assert";
import { Campaign } from "../../tools/crash/campaign.ts";
import { Chance } from "../../tools/crash/chance.ts";
import { DEATHS } from "../../tools/crash/death.ts";

const SEED = 20261123;
/** Of each death, as far as the time goes. */
const ROUNDS = 2, BUDGET_MS = 30_000;

Deno.test({
  name: "whatever dies in mid-run, no revision is recorded wrongly, and the next mig up ends where it should",
  ignore: Deno.build.os === "windows",
  async fn(test) {
    const started = performance.now();
    await using campaign = await Campaign.prepare(10);
    for (let n = 0; n < ROUNDS; n++) {
      for (const [at, name] of Object.keys(DEATHS).entries()) {
        if (performance.now() - started > BUDGET_MS) return;
        await test.step({
          name: `${DEATHS[name]!.name}, ${n + 1}`,
          // Neither a mount nor a limit: the machine has no disk that could be full.
          ignore: !campaign.deaths.includes(name),
          async fn() {
            const { faults } = await campaign.round(name, new Chance(SEED + 100 * n + at));
            assertEquals(faults, []);
          },
        });
      }
    }
  },
});

Deno.test({
  name: "the campaign sees what it is there to see",
  ignore: Deno.build.os === "windows",
  async fn() {
    const { crashChain } = await import("../../tools/crash/chain.ts");
    const { faultsOf } = await import("../../tools/crash/truth.ts");
    const chain = crashChain(5);
    const row = (id: string, unfinished: "up" | null = null, done: number | null = null) => ({
      id,
      unfinished,
      done,
    });
    const effect = (revision: number, statement: number, direction: "up" | "down" = "up") => ({
      revision,
      direction,
      statement,
    });
    const rows = [row("0000a001"), row("0000a002")];
    const effects = [effect(0, 2), effect(1, 1)];
    assertEquals(faultsOf({ rows, effects }, chain), []);
    assertEquals(faultsOf({ rows, effects: effects.slice(1) }, chain).length, 1, "recorded and not applied");
    assertEquals(faultsOf({ rows: rows.slice(0, 1), effects }, chain).length, 1, "applied and not recorded");
    assertEquals(faultsOf({ rows, effects: [...effects, effect(1, 1)] }, chain).length, 1, "applied twice");
    const journey = [effect(1, 1), effect(1, 0, "down"), ...effects];
    assertEquals(faultsOf({ rows, effects: journey }, chain), []);
    const four = ["0000a001", "0000a002", "0000a003", "0000a004"].map((id) => row(id));
    const all = [...effects, effect(2, 2), effect(3, 2)];
    const journaled = (done: number, ...statements: number[]) =>
      faultsOf({
        rows: [...four, row("0000a005", "up", done)],
        effects: [...all, ...statements.map((s) => effect(4, s))],
      }, chain).length;
    assertEquals([journaled(2, 0), journaled(3, 0, 2), journaled(3, 0), journaled(2, 0, 2)], [0, 0, 1, 1]);
  },
});
