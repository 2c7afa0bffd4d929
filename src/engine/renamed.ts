/** The difference between two schemas, once what was renamed is known. */

import type { Session } from "./database.ts";
import type { Catalog, Difference, Rename, RenameCandidate } from "./difference.ts";
import { ownTables } from "./repeatable_table.ts";
import type { SchemaMaker } from "./schema_source.ts";
import { findVersionTable } from "./version_table.ts";

/** Says which of the candidates are renames. It is asked again with what is left until it says none. */
export type ChooseRenames = (candidates: readonly RenameCandidate[]) => Promise<readonly Rename[]>;

/**
 * Plans what leads from the schema that the shadow has to another.
 *
 * @param start the shadow's own catalog
 * @param given renames that are known already
 * @throws {MigError} as `readRenamed()`, and what `choose` throws
 */
export async function planRenamed(
  maker: SchemaMaker,
  start: Catalog,
  target: Catalog,
  given: readonly Rename[],
  choose: ChooseRenames,
): Promise<Difference> {
  const { versionNumber, invalidIndexes } = start;
  const renames = [...given];
  for (;;) {
    const from = renames.length === 0
      ? start
      : { ...await readRenamed(maker, renames, versionNumber), invalidIndexes };
    const difference = maker.differ.planDifference(from, target);
    const chosen = difference.candidates.length === 0 ? [] : await choose(difference.candidates);
    if (chosen.length === 0) return difference;
    renames.push(...chosen);
  }
}

/**
 * The catalog of the shadow as it is, renamed.
 *
 * @param versionNumber the version that it is said to be of; the shadow's own where it is left out
 * @throws {MigError} `usage` for a rename that is not possible
 */
export async function readRenamed(
  { shadow, differ, table }: SchemaMaker,
  renames: readonly Rename[],
  versionNumber?: number,
): Promise<Catalog> {
  return await shadow.use(async (session: Session) => {
    const without = ownTables(await findVersionTable(session, table));
    return await differ.extractCatalog(session, { without, renames, versionNumber });
  });
}
