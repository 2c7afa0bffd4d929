/** What a proof showed to be wrong, as sentences. */

import { isSound } from "../engine/draft/both_ways.ts";
import type { DraftFault } from "../engine/draft/draft.ts";
import type { ProvenDifference } from "../engine/find_difference.ts";
import type { DumpDifference } from "../engine/schema_dump.ts";

/** Of statements; none where they are proven, or where what they do not reach is listed. */
export function faultsOf(found: ProvenDifference): string[] {
  if (isSound(found)) return [];
  const { failed, differs, lost } = found.proof;
  return [
    ...failed.map(({ statement: { object }, error }) => `${object.kind} ${object.name}: ${error.message}`),
    ...lost.map(({ object, what }) => `the ${what} of ${object} are lost`),
    ...differs.map(differenceText),
  ];
}

/** Of a file. */
export function draftFaults({ direction, error, differs }: DraftFault): string[] {
  return error === null
    ? differs.map((difference) => `after ${direction}.sql, ${differenceText(difference)}`)
    : [`${direction}.sql fails: ${error.server?.message ?? error.message}`];
}

function differenceText({ object, got, wanted }: DumpDifference): string {
  if (got === null) return `${object} is missing`;
  return wanted === null ? `${object} should not be there` : `${object} is another`;
}
