/** Compares schemas with @supabase/pg-delta. Load it when it is used: the library takes longer than most verbs. */

import type { Catalog, Differ } from "../engine/difference.ts";
import type { StoredCatalog } from "./catalog.ts";
import { extractCatalog } from "./extract.ts";
import { planDifference } from "./plan.ts";

/** The differ; its catalogs are its own, and no others. */
export const differ: Differ = {
  extractCatalog,
  planDifference: (from: Catalog, to: Catalog) => planDifference(from as StoredCatalog, to as StoredCatalog),
};
