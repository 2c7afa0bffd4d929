/**
 * The port to whatever compares schemas: catalogs that are read from sessions, and the SQL that leads from one to another.
 * `diff/` implements it. What it plans is a proposal: `proveDifference()` shows that it does what it says.
 */

import type { Session } from "./database.ts";

/** Compares schemas. */
export interface Differ {
  /**
   * Reads what a database consists of. The session has to be outside of a transaction; it is left as it was.
   *
   * @throws {MigError} `usage` for a rename that is not possible
   */
  extractCatalog(session: Session, options?: ExtractOptions): Promise<Catalog>;
  /** The SQL that leads from one catalog to another. It begins with the renames of the first. */
  planDifference(from: Catalog, to: Catalog): Difference;
}

/** How to read a catalog. */
export interface ExtractOptions {
  /** Are made first, and undone when all is read: the catalog is one in which they have happened. */
  readonly renames?: readonly Rename[];
  /** Tables that are left out, with all that belongs to them: mig's own. */
  readonly without?: readonly { readonly schema: string; readonly name: string }[];
  /** The version which the catalog is said to be of, where that of another server was rebuilt; the session's otherwise. */
  readonly versionNumber?: number;
}

/** What a database consists of, as plain data: nothing of the instance from which it was read is kept. */
export interface Catalog {
  /** As programs compare it: `180006`. */
  readonly versionNumber: number;
  /** Who owns most of it. */
  readonly owner: string;
  /** The roles that own something, or to which something is granted; roles themselves belong to the server. */
  readonly roles: readonly string[];
  /** What it was told to rename. */
  readonly renames: readonly Rename[];
  /** Indexes that a CREATE INDEX CONCURRENTLY has left, which failed: `public.users_email`. A rebuild makes them valid. */
  readonly invalidIndexes: readonly string[];
}

/** How one schema becomes another. */
export interface Difference {
  /** In the order in which they run; none for equal schemas. */
  readonly statements: readonly DifferenceStatement[];
  /** What differs and cannot be expressed, each with its reason. */
  readonly cannot: readonly Unexpressed[];
  /** What may have been renamed. Unless `extractCatalog()` is told so, it is dropped and made anew. */
  readonly candidates: readonly RenameCandidate[];
  /** Roles that the statements name and that the first schema does not know; they have to exist. */
  readonly roles: readonly string[];
}

/** A statement of a difference. */
export interface DifferenceStatement {
  /** Without its semicolon. */
  readonly sql: string;
  readonly verb: "create" | "alter" | "drop" | "rename";
  readonly object: SchemaObject;
  /** What it may lose, as a sentence without its full stop; null for nothing. */
  readonly loss: string | null;
  /** Which rows it fails on, as a clause that follows "where"; null where none are known but those that break a constraint. */
  readonly refusal: string | null;
  /**
   * Statements of one segment may run in one transaction; the next segment needs what this one has committed. Segments count
   * from 0 and never fall.
   */
  readonly segment: number;
  /** It cannot run inside of a transaction; its segment has no other statement. */
  readonly outsideTransaction: boolean;
}

/** Something that a schema consists of. */
export interface SchemaObject {
  /** As the manual calls it: `table`, `column`, `materialized view`. */
  readonly kind: string;
  /** Qualified, and quoted where it has to be: `public.users.email`. */
  readonly name: string;
  /** The table, view or other object of which it is a part, by its name; itself otherwise. */
  readonly whole: string;
}

/** What differs and cannot be expressed. */
export interface Unexpressed {
  readonly object: SchemaObject;
  /** `PostgreSQL has no statement for it`, as a clause. */
  readonly reason: string;
}

/** An object that has another name. */
export interface Rename {
  readonly kind: RenameKind;
  /** Qualified, and quoted where it has to be: `public.users.mail`. */
  readonly from: string;
  /** Its new name alone, as it is: `email`. */
  readonly to: string;
}

/** What can be renamed. */
export type RenameKind = typeof RENAME_KINDS[number];

/** What can be renamed. */
export const RENAME_KINDS = [
  "schema",
  "table",
  "column",
  "view",
  "materialized view",
  "sequence",
  "index",
  "constraint",
  "type",
  "domain",
  "trigger",
  "policy",
  "function",
  "procedure",
] as const;

/** A pair that may be one object. */
export interface RenameCandidate extends Rename {
  /** `alike` when nothing but the name differs and no other pair is possible. */
  readonly likeness: "alike" | "similar";
}
