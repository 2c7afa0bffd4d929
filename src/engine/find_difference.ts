/** What leads from one schema to another, proven. */

import type { Difference, Rename } from "./difference.ts";
import { type Proof, proveDifference } from "./prove_difference.ts";
import { makeSchema, type SchemaMaker, type SchemaSource } from "./schema_source.ts";

/** A difference, and what its proof showed. */
export interface ProvenDifference {
  readonly difference: Difference;
  readonly proof: Proof;
}

/**
 * Finds the difference between two schemas, and proves it in the shadow. The shadow has one of them at a time.
 *
 * @param renames what of the first has another name in the second
 * @throws {MigError} as `makeSchema()`; `usage` for a rename that is not possible
 */
export async function findDifference(
  maker: SchemaMaker,
  from: SchemaSource,
  to: SchemaSource,
  renames: readonly Rename[] = [],
): Promise<ProvenDifference> {
  const target = await makeSchema(maker, to);
  const start = await makeSchema(maker, from, renames, target.catalog.roles);
  const difference = maker.differ.planDifference(start.catalog, target.catalog);
  const proof = await proveDifference(start.database, difference, target.dump, start.versionTable);
  return { difference, proof };
}
