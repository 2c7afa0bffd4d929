/** The error of a no-transaction file that cannot go on, since nothing keeps other runs away any more. */

import { MigError } from "../error.ts";
import type { WholeStep } from "./prepared_step.ts";

/** The run lock is gone before a step is done, which happens behind a pooler. */
export function lockLost(step: WholeStep): MigError {
  return new MigError(
    "lock-lost",
    `the lock that keeps other runs away was lost before ${step.path} was done`,
    {
      locations: [{ path: step.path }],
      hint: [
        "see `mig status`; then run the command again, which goes on behind the last statement, or the last round of a batch, that is done",
        "behind a pooler an idle session may have been ended: connect to the server itself for this",
      ],
    },
  );
}
