/** Compares what the shadow is with what it was: by its fingerprint, and where that is another, by what pg_dump writes. */

import { differingCatalogs, type Fingerprint } from "./catalog.ts";
import { compareDumps, compareLines, type DumpDifference } from "./dump_text.ts";
import type { Shadow } from "./shadow.ts";

/**
 * The objects that are others now than they were; none for equal schemas, which takes no dump.
 *
 * @param earlier its fingerprint then
 * @param goBack brings the shadow to the earlier state again
 */
export async function differencesSince(
  shadow: Shadow,
  earlier: Fingerprint,
  goBack: () => Promise<unknown>,
): Promise<readonly DumpDifference[]> {
  const catalogs = differingCatalogs(earlier, await shadow.fingerprint());
  if (catalogs.length === 0) return [];
  const now = { dump: await shadow.dump(), lines: await shadow.catalogLines(catalogs) };
  await goBack();
  const differences = compareDumps(await shadow.dump(), now.dump);
  if (differences.length > 0) return differences;
  // pg_dump does not show it.
  const unseen = compareLines(await shadow.catalogLines(catalogs), now.lines);
  return unseen.length > 0 ? unseen : [{ title: catalogs.join(", "), before: null, after: null }];
}
