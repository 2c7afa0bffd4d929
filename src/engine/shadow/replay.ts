/** Steps of the chain in a throw-away database, as `mig up` and `mig down` take them. */

import { MigError } from "../../error.ts";
import type { Step } from "../../revision/plan.ts";
import type { Database } from "../database.ts";
import { migrate } from "../migrator.ts";
import { replayFailure } from "./failure.ts";
import type { Placed } from "./other_branches.ts";
import type { ShadowOptions } from "./shadow.ts";

/**
 * Takes them.
 * @throws {MigError} when one of them fails, told as what has failed in the shadow
 */
export async function replay(
  steps: readonly Step[],
  database: Database,
  { texts, variables = {}, table, signal, onEvent = () => {} }: ShadowOptions,
): Promise<void> {
  let before: readonly Placed[] = [];
  try {
    await migrate({
      database,
      texts,
      variables,
      table,
      lockWaitMs: 0,
      timeouts: {},
      flush: "run",
      onEvent,
      again: { up: "mig verify", down: "mig verify" },
      signal,
    }, (applied) => {
      before = applied;
      return steps;
    });
  } catch (error) {
    if (!(error instanceof MigError)) throw error;
    throw replayFailure(error, database.kind, [...before, ...steps.map(({ revision }) => revision)]);
  }
}
