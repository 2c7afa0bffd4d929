/** What leads from the chain to another schema and back again, both proven. */

import type { Catalog, Difference, Rename } from "../difference.ts";
import { MigError } from "../../error.ts";
import type { ProvenDifference } from "../find_difference.ts";
import { type Proof, proveDifference } from "../prove_difference.ts";
import { compareDumps, type SchemaDump } from "../schema_dump.ts";
import { type ChooseRenames, planRenamed, readRenamed } from "../renamed.ts";
import { type MadeSchema, makeSchema, type SchemaMaker, type SchemaSource } from "../schema_source.ts";
import { type Identities, readIdentities, renamesBetween } from "./identities.ts";

/** The way to another schema, and the way back. */
export interface BothWays {
  readonly there: ProvenDifference;
  /** Null where the way there failed, so that there is no place to come back from. */
  readonly back: ProvenDifference | null;
  /** Where it began, and where it was to lead. */
  readonly start: Start;
  readonly target: SchemaDump;
}

/** Where a way begins, as far as the way back has to know. */
export interface Start {
  readonly catalog: Catalog;
  readonly dump: SchemaDump;
  readonly identities: Identities;
}

/**
 * Finds them. The shadow ends up where it began if the way back is proven.
 *
 * @param given renames that are known already
 * @throws {MigError} as `makeSchema()`, and what `choose` throws
 */
export async function findBothWays(
  maker: SchemaMaker,
  from: SchemaSource,
  to: SchemaSource,
  given: readonly Rename[],
  choose: ChooseRenames,
): Promise<BothWays> {
  const target = await makeSchema(maker, to);
  const made = await makeSchema(maker, from, target.catalog.roles);
  const identities = await maker.shadow.use(readIdentities);
  const start: Start = { catalog: made.catalog, dump: made.dump, identities };
  const difference = await planRenamed(maker, made.catalog, target.catalog, given, choose);
  const there = { difference, proof: await prove(made, difference, target.dump) };
  const back = there.proof.failed.length > 0
    ? null
    : await wayBack(maker, made, start, target.catalog.versionNumber);
  return { there, back, start, target: target.dump };
}

/**
 * Finds and proves the way back from where the shadow is now. Renames are seen for certain.
 *
 * @param versionNumber the version that the statements are for; the shadow's own where it is left out
 */
export async function wayBack(
  maker: SchemaMaker,
  { database, versionTable }: Pick<MadeSchema, "database" | "versionTable">,
  { catalog, dump, identities }: Start,
  versionNumber?: number,
): Promise<ProvenDifference> {
  const renames = renamesBetween(await maker.shadow.use(readIdentities), identities);
  const here = await readRenamed(maker, renames, versionNumber).catch((error) => {
    // Two that changed names with each other cannot be renamed one after the other.
    if (error instanceof MigError && error.code === "usage") return readRenamed(maker, [], versionNumber);
    throw error;
  });
  const difference = maker.differ.planDifference(here, catalog);
  return { difference, proof: await prove({ database, versionTable, dump: null }, difference, dump) };
}

/** Whether the statements are all that can be done: what they do not reach is what cannot be expressed. */
export function isSound({ difference, proof }: ProvenDifference): boolean {
  return proof.proven || (difference.cannot.length > 0 && proof.failed.length + proof.lost.length === 0);
}

async function prove(
  { database, versionTable, dump }: Pick<MadeSchema, "database" | "versionTable"> & {
    readonly dump: SchemaDump | null;
  },
  difference: Difference,
  wanted: SchemaDump,
): Promise<Proof> {
  if (difference.statements.length > 0 || dump === null) {
    return await proveDifference(database, difference, wanted, versionTable);
  }
  const differs = compareDumps(dump, wanted);
  return { proven: differs.length === 0, statements: [], failed: [], differs, lost: [] };
}
