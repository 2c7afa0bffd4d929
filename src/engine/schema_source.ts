/** Where schemas come from that are compared, and how each is made in the shadow. */

import { MigError } from "../error.ts";
import type { Revision } from "../revision/revision.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import type { Database, Session } from "./database.ts";
import type { Catalog, Differ } from "./difference.ts";
import { dumpForProof } from "./prove_difference.ts";
import { ownTables } from "./repeatable_table.ts";
import type { SchemaDump } from "./schema_dump.ts";
import { runFiles, runScript, type SchemaFile } from "./schema_files.ts";
import type { Shadow } from "./shadow/shadow.ts";
import type { PreparedRepeatable } from "./repeatable_scripts.ts";
import { tryStatements } from "./try_statements.ts";
import { findVersionTable } from "./version_table.ts";
import { withSession } from "./with_session.ts";

/** Where a schema comes from. */
export type SchemaSource =
  & (
    /** What the chain makes, up to some revisions, in the order in which they are replayed. */
    | { readonly kind: "revisions"; readonly revisions: readonly Revision[] }
    /** SQL files that make it. */
    | { readonly kind: "files"; readonly files: readonly SchemaFile[] }
    /** A database; it is only read. */
    | { readonly kind: "database"; readonly database: Database }
  )
  & {
    /** Repeatable scripts that are applied after it. */
    readonly then?: readonly PreparedRepeatable[];
  };

/** A schema that was made in the shadow, which still has it. */
export interface MadeSchema {
  readonly catalog: Catalog;
  readonly dump: SchemaDump;
  readonly database: Database;
  /** Mig's own table, qualified and quoted. */
  readonly versionTable: string;
}

/** What schemas are made with. */
export interface SchemaMaker {
  readonly shadow: Shadow;
  readonly differ: Differ;
  /** The version table's name, as configured. */
  readonly table: string;
}

/**
 * Makes a schema in the shadow. A database is never compared as it is: what its version writes otherwise would be a difference.
 * It is rebuilt, from its own catalog.
 *
 * @param roles have to be there, besides those that the source itself needs
 * @throws {MigError} `sql-failed`, where a file fails or a database cannot be rebuilt
 */
export async function makeSchema(
  maker: SchemaMaker,
  source: SchemaSource,
  roles: readonly string[] = [],
): Promise<MadeSchema> {
  const { shadow, differ, table } = maker;
  const live = source.kind === "database" ? await readLive(maker, source.database) : null;
  const database = await shadow.at(source.kind === "revisions" ? source.revisions : []);
  const { catalog, versionTable } = await shadow.use(async (session) => {
    await createRoles(session, shadow, [...roles, ...live?.roles ?? []]);
    const found = await findVersionTable(session, table);
    const { qualified } = found;
    const own = { without: ownTables(found) };
    // The files may hold what `mig schema` gives, and that is without the table.
    if (source.kind === "files") await runFiles(session, source.files, shadow.kind);
    if (live !== null && source.kind === "database") {
      await rebuild(
        session,
        differ.planDifference(await differ.extractCatalog(session, own), { ...live, invalidIndexes: [] }),
        source.database,
      );
    }
    for (const script of source.then ?? []) {
      await runScript(session, script, source.kind !== "revisions", shadow.kind);
    }
    const versionNumber = live?.versionNumber;
    const catalog = await differ.extractCatalog(session, { ...own, versionNumber });
    return {
      catalog: live === null ? catalog : { ...catalog, invalidIndexes: live.invalidIndexes },
      versionTable: qualified,
    };
  });
  return { catalog, versionTable, database, dump: await dumpForProof(database, versionTable) };
}

async function readLive({ differ, table }: SchemaMaker, database: Database): Promise<Catalog> {
  return await withSession(database, {}, async (session) => {
    const without = ownTables(await findVersionTable(session, table));
    return await differ.extractCatalog(session, { without });
  });
}

/** Roles belong to a server, and on one that is not ours there are those that there are. */
async function createRoles(session: Session, { kind }: Shadow, roles: readonly string[]): Promise<void> {
  if (kind === "server") return;
  const { rows } = await session.send("select rolname as name from pg_catalog.pg_roles");
  const known = new Set(rows.map(({ name }) => name));
  for (const role of new Set(roles)) {
    if (!known.has(role)) await session.run(`create role ${quoteIdentifier(role)}`);
  }
}

async function rebuild(
  session: Session,
  { statements, cannot }: ReturnType<Differ["planDifference"]>,
  { description }: Database,
): Promise<void> {
  const { failed: [failed] } = await tryStatements(session, statements);
  if (failed === undefined && cannot.length === 0) return;
  const object = failed?.statement.object ?? cannot[0]!.object;
  throw new MigError(
    "sql-failed",
    `cannot rebuild ${object.kind} ${object.name} of ${description} in the shadow: ${
      failed?.error.report?.message ?? cannot[0]!.reason
    }`,
    {
      ...(failed === undefined ? {} : { server: failed.error.report ?? undefined, cause: failed.error }),
      hint: [
        "name a server that has what this one has, such as its extensions: --shadow-url postgres://…",
        "or give the shadow what is missing by --shadow-setup FILE; your database was only read",
      ],
    },
  );
}
