/** Looks at a database without changing it: what is applied, and what of it disagrees with the chain. */

import { fileChecksum } from "../revision/large_text.ts";
import type { AppliedRevision } from "../revision/applied.ts";
import { findDrift, findEdited, type Finding } from "../revision/drift.ts";
import type { Chain } from "./chain.ts";
import { ChecksumsAhead } from "./checksums_ahead.ts";
import type { RevisionId } from "../revision/revision.ts";
import type { Database, ServerFacts, Session } from "./database.ts";
import type { LockHolder } from "./event.ts";
import { findHolder } from "./lock.ts";
import { type RepeatableFile, type RepeatableState, repeatableStates } from "./repeatable.ts";
import { findMissingFiles } from "./missing_files.ts";
import { findRepeatableTable, readRepeatables, readRepeatableSql } from "./repeatable_table.ts";
import { readApplied, readStoredSql, type StoredSql } from "./applied_rows.ts";
import { findVersionTable, type VersionTable, versionTableQuestion } from "./version_table.ts";
import { withSession } from "./with_session.ts";

/** Where a database is. */
export interface Survey {
  /** A URL or a path without a password. */
  readonly database: string;
  readonly server: ServerFacts;
  /** The version table, qualified and quoted; null where it has not been made. */
  readonly table: string | null;
  /** The rows of the version table, oldest first. */
  readonly applied: readonly AppliedRevision[];
  /** The run that holds the lock now. */
  readonly running: LockHolder | null;
}

/** Reads the state of a database. */
export async function survey(database: Database, tableName: string): Promise<Survey> {
  return await withSession(
    database,
    { firstQuestion: versionTableQuestion(tableName) },
    async (session) => await read(session, database, await findVersionTable(session, tableName)),
  );
}

async function read(session: Session, database: Database, table: VersionTable): Promise<Survey> {
  const [applied, running] = await Promise.all([
    readApplied(session, table),
    // The embedded database has one session, so nobody else can be running.
    database.kind === "server" ? findHolder(session, table) : null,
  ]);
  return {
    database: database.description,
    server: session.server,
    table: table.exists ? table.qualified : null,
    applied,
    running,
  };
}

/** A survey with what the chain and the version table disagree on. */
export interface ChainSurvey extends Survey {
  readonly findings: readonly Finding[];
  /** The SQL with which edited revisions were applied. */
  readonly stored: ReadonlyMap<RevisionId, StoredSql>;
  /** The repeatable scripts, and the texts with which changed ones were applied; null where the project has none. */
  readonly repeatable: {
    readonly states: readonly RepeatableState[];
    readonly stored: ReadonlyMap<string, string>;
  } | null;
}

/**
 * Reads the state of a database and compares it with the chain, and with the repeatable scripts.
 * @param reading the chain, which may still be read while the database answers
 */
export async function surveyChain(
  database: Database,
  tableName: string,
  reading: Chain | Promise<Chain>,
  files: readonly RepeatableFile[] | null,
): Promise<ChainSurvey> {
  return await withSession(database, { firstQuestion: versionTableQuestion(tableName) }, async (session) => {
    const ahead = new ChecksumsAhead();
    // What fails there fails again below.
    Promise.resolve(reading).then((chain) => ahead.make(chain)).catch(() => {});
    const table = await findVersionTable(session, tableName);
    const found = await read(session, database, table).catch((error) => {
      ahead.stop();
      throw error;
    });
    const chain = await reading;
    const made = ahead.stop();
    const findings = [
      ...findingsOf(chain, found.applied, made),
      ...findMissingFiles(chain, found.applied, made),
    ];
    const edited = findings.flatMap((finding) => finding.kind === "edited" ? [finding.revision.id] : []);
    const stored = await readStoredSql(session, table, edited);
    return { ...found, findings, stored, repeatable: await compare(session, table, files) };
  });
}

async function compare(
  session: Session,
  version: VersionTable,
  files: readonly RepeatableFile[] | null,
): Promise<ChainSurvey["repeatable"]> {
  if (files === null) return null;
  const table = await findRepeatableTable(session, version);
  const states = repeatableStates(files, await readRepeatables(session, table, version));
  const changed = states.filter(({ state }) => state === "changed").map(({ name }) => name);
  return { states, stored: await readRepeatableSql(session, table, changed) };
}

/**
 * What the chain and the version table disagree on.
 * @param made checksums of up.sql that are known already
 */
export function findingsOf(
  { graph, texts }: Chain,
  applied: readonly AppliedRevision[],
  made?: ReadonlyMap<RevisionId, string>,
): readonly Finding[] {
  return findDrift(
    graph,
    applied,
    (revision, expected) => made?.get(revision.id) ?? fileChecksum(texts, revision, "up", expected),
  );
}

/** How many rows `recentEdits()` looks at: to read as many files takes 4 ms, and those of a long chain as long as all else. */
const RECENT = 200;

/**
 * What of the last revisions that were applied was edited since, or cannot be read: for runs that read no files, since they have
 * nothing to do.
 *
 * @param rows the version table, oldest first
 */
export function recentEdits({ graph, texts }: Chain, rows: readonly AppliedRevision[]): readonly Finding[] {
  return findEdited(
    graph,
    rows.slice(-RECENT),
    (revision, expected) => fileChecksum(texts, revision, "up", expected),
  );
}
