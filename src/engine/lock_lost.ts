/** What runs for long outside of one transaction looks whether something still keeps other runs away. */

import type { StepContext } from "./failure.ts";
import type { RunLock } from "./lock.ts";
import { PipelineFailure } from "./pipeline.ts";
import type { WholeStep } from "./prepared_step.ts";

/**
 * Fails where the run lock is gone, which happens behind a pooler: it ends sessions that are idle for long. The run is then taken up
 * as after any connection that is lost.
 *
 * @throws {PipelineFailure}
 */
export async function requireLock(lock: RunLock, step: WholeStep): Promise<void> {
  const lost = await lock.lost();
  if (lost !== null) throw new PipelineFailure<StepContext>(lost, { step, phase: "lock" });
}
