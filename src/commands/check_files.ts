/** What the SQL files of a chain show by themselves: whether each could be read, split and run. */

import { MigError } from "../error.ts";
import type { Chain } from "../engine/chain.ts";
import { checkSteps } from "../engine/prepare.ts";
import type { Problem } from "./data.ts";
import { partsOf, problemOfError } from "./problem.ts";

/** Every file that mig would refuse to run, without asking a database. */
export function checkFiles({ graph, texts }: Chain): Problem[] {
  return graph.order.flatMap((revision) =>
    (["up", "down"] as const).flatMap((direction) => {
      if (direction === "down" && !revision.reversible) return [];
      try {
        checkSteps([{ direction, revision }], texts);
        return [];
      } catch (error) {
        if (!(error instanceof MigError)) throw error;
        return partsOf(error).map((part) => problemOfError(part, revision.id));
      }
    })
  );
}
