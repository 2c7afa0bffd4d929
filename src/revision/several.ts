/** Makes one error of several, so that everything wrong is told at once. */

import { MigError } from "../error.ts";

/**
 * The fault itself where there is one; else an error with the code of the first, whose `errors` are the faults, with
 * all their places and each of their hints once.
 * @param faults at least one
 * @param message what the faults together stand in the way of, without their number
 */
export function several(faults: readonly MigError[], message: string): MigError {
  const first = faults[0]!;
  if (faults.length === 1) return first;
  return new MigError(first.code, `${message}: ${faults.length} faults`, {
    errors: faults,
    locations: faults.flatMap((fault) =>
      fault.locations.map((place) => ({ ...place, note: place.note ?? fault.message }))
    ),
    hint: [...new Set(faults.flatMap((fault) => fault.hints))],
  });
}
