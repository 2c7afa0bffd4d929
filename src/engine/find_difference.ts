/** What leads from one schema to another, proven. */

import type { Difference, Rename } from "./difference.ts";
import { type Proof, proveDifference } from "./prove_difference.ts";
import { type ChooseRenames, planRenamed } from "./renamed.ts";
import { makeSchema, type SchemaMaker, type SchemaSource } from "./schema_source.ts";

/** A difference, and what its proof showed. */
export interface ProvenDifference {
  readonly difference: Difference;
  readonly proof: Proof;
}

/**
 * Finds the difference between two schemas, and proves it in the shadow. The shadow has one of them at a time.
 *
 * @param given what of the first has another name in the second
 * @throws {MigError} as `makeSchema()` and `planRenamed()`
 */
export async function findDifference(
  maker: SchemaMaker,
  from: SchemaSource,
  to: SchemaSource,
  given: readonly Rename[] = [],
  choose: ChooseRenames = () => Promise.resolve([]),
): Promise<ProvenDifference> {
  const target = await makeSchema(maker, to);
  const start = await makeSchema(maker, from, target.catalog.roles);
  const difference = await planRenamed(maker, start.catalog, target.catalog, given, choose);
  const proof = await proveDifference(start.database, difference, target.dump, start.versionTable);
  return { difference, proof };
}
