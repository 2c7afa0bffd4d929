/** A catalog as this part knows it: the library's facts, and what the library has no facts for. */

import type { FactBase } from "@supabase/pg-delta/core";
import type { Catalog } from "../engine/difference.ts";

/** What `extractCatalog()` gives. */
export interface StoredCatalog extends Catalog {
  readonly facts: FactBase;
  readonly objects: readonly UnmodelledObject[];
  readonly properties: readonly UnmodelledProperty[];
  /** What tables have from those which they inherit, or of which they are a partition. */
  readonly inherited: Inherited;
  /** The comments that extensions have when they are made, by their names. */
  readonly extensionComments: ReadonlyMap<string, string>;
}

/** An object of a kind that the library does not know. */
export interface UnmodelledObject {
  readonly kind: string;
  /** Qualified, and quoted where it has to be. */
  readonly name: string;
  /** The path of the object that takes this one along when it is dropped: `["public", "users"]`; null for none. */
  readonly part_of: readonly string[] | null;
  /** The statements that make it. Two objects with equal ones are equal. */
  readonly create: readonly string[];
  readonly drop: string;
}

/** What an object can be told after it is made, and was. */
export interface UnmodelledProperty {
  /** Of the object: `column`. */
  readonly kind: string;
  /** Its path: `["public", "users", "email"]`. */
  readonly path: readonly string[];
  /** What else makes it lose this when it is made anew: the paths of an index, or of a column's type. */
  readonly also_with: readonly (readonly string[])[];
  /** What it is told, for people and as a key: `storage`. */
  readonly property: string;
  readonly value: string;
  /** What it would be had nobody said anything. */
  readonly initial: string;
  /** The statement that sets it, with `%v` for the value and `%o` for the one that it has until then. */
  readonly set: string;
  /** The statement that makes it the initial one again; null where `set` does. */
  readonly reset: string | null;
}

/** What tables have by inheritance. */
export interface Inherited {
  /** Paths of columns, as `pathKey()` writes them. */
  readonly columns: ReadonlySet<string>;
  /** Paths of constraints. */
  readonly constraints: ReadonlySet<string>;
  /** Paths of the indexes of partitions that are parts of one of the whole. */
  readonly indexes: ReadonlySet<string>;
  /** The parents of each table in their order, by its path. */
  readonly parents: ReadonlyMap<string, readonly Parent[]>;
  /** Columns that are computed when they are read. */
  readonly virtual: ReadonlySet<string>;
}

/** A table of which another has columns. */
export interface Parent {
  readonly schema: string;
  readonly name: string;
}

/** A path as the key of a map. */
export function pathKey(path: readonly string[]): string {
  return JSON.stringify(path);
}
