/** A statement on its way into a difference: not yet in its segment, nor as a person would write it. */

import type { DifferenceStatement } from "../engine/difference.ts";

/** A statement before it is written. */
export interface Draft extends Omit<DifferenceStatement, "segment"> {
  /** The paths of what it makes anew: whatever those were told before has to be told again. */
  readonly produces: readonly (readonly string[])[];
}
