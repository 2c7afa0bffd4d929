/** Drafts of revisions: SQL files that were run in the shadow, as `mig up` and `mig down` will run them, before they are written. */

import { MigError } from "../../error.ts";
import type { Revision } from "../../revision/revision.ts";
import type { Rename } from "../difference.ts";
import { revisionText } from "../difference_text.ts";
import type { ProvenDifference } from "../find_difference.ts";
import { dumpForProof } from "../prove_difference.ts";
import type { ChooseRenames } from "../renamed.ts";
import type { PreparedRepeatable } from "../repeatable_scripts.ts";
import { runScript } from "../schema_files.ts";
import { compareDumps, type DumpDifference, type SchemaDump } from "../schema_dump.ts";
import { makeSchema, type SchemaMaker, type SchemaSource } from "../schema_source.ts";
import { findVersionTable } from "../version_table.ts";
import { type BothWays, findBothWays, isSound, type Start, wayBack } from "./both_ways.ts";
import type { DraftFiles, DraftTexts } from "./draft_texts.ts";
import { readIdentities } from "./identities.ts";
import { sparingScripts } from "./spare_scripts.ts";

/** What there is to write. */
export interface Draft extends BothWays {
  /** Null where there is nothing to do, or where it is not proven. */
  readonly files: DraftFiles | null;
  /** Why the files are not proven although their statements are; null where they are, or where there are none. */
  readonly fault: DraftFault | null;
}

/** What came of a file. */
export interface DraftFault {
  readonly direction: "up" | "down";
  /** Null where it ran, and led elsewhere. */
  readonly error: MigError | null;
  readonly differs: readonly DumpDifference[];
}

/** What a draft is made with; the shadow reads the texts. */
export interface DraftMaker extends SchemaMaker {
  readonly texts: DraftTexts;
}

/**
 * Drafts the revision that leads from some revisions to another schema.
 *
 * @param revision the new one, which nobody has written
 * @throws {MigError} as `findBothWays()`
 */
export async function draftWays(
  maker: DraftMaker,
  revision: Revision,
  from: Extract<SchemaSource, { kind: "revisions" }>,
  to: SchemaSource,
  given: readonly Rename[],
  choose: ChooseRenames,
): Promise<Draft> {
  const ways = await findBothWays(maker, from, to, given, choose);
  const { there, back } = ways;
  if (there.proof.statements.length === 0 || !isSound(there)) return { ...ways, files: null, fault: null };
  const text = (way: ProvenDifference) =>
    revisionText(way.difference, sparingScripts(way.proof.statements, from.then));
  const down = back !== null && back.proof.statements.length > 0 && isSound(back) ? text(back) : null;
  const files = { up: text(there), down };
  // Where the way back led to the very schema, the shadow is where the way began.
  if (back?.proof.proven === true && from.then === undefined) maker.shadow.assume(from.revisions);
  else await makeSchema(maker, from, there.difference.roles);
  const draft = maker.texts.set(revision, files);
  const fault = await tryFile(maker, "up", draft, ways.target, there, from.then) ??
    (down === null ? null : await tryFile(maker, "down", draft, ways.start.dump, back, from.then));
  return { ...ways, files, fault };
}

/** What came of a down.sql that was drafted for an up.sql. */
export interface DraftDown {
  readonly back: ProvenDifference;
  /** Null where nothing leads back, or where it is not proven. */
  readonly down: string | null;
  readonly fault: DraftFault | null;
}

/**
 * Drafts the way back of a revision from what its up.sql does.
 *
 * @param up its text; it need not be written yet
 * @param before the revisions that are applied before it
 * @throws {MigError} when one of them fails, or up.sql
 */
export async function draftDown(
  maker: DraftMaker,
  revision: Revision,
  up: string,
  before: readonly Revision[],
): Promise<DraftDown> {
  const { shadow, texts } = maker;
  const made = await makeSchema(maker, { kind: "revisions", revisions: before });
  const start: Start = { ...made, identities: await shadow.use(readIdentities) };
  await shadow.step("up", texts.set(revision, { up, down: null }));
  const back = await wayBack(maker, made, start);
  if (back.proof.statements.length === 0 || !isSound(back)) return { back, down: null, fault: null };
  const down = revisionText(back.difference, back.proof.statements);
  const draft = texts.set(revision, { up, down });
  await shadow.at(before);
  await shadow.step("up", draft);
  return { back, down, fault: await tryFile(maker, "down", draft, start.dump, back) };
}

/**
 * Runs a file; it has to lead where its statements have led.
 * @param scripts are applied after it, as by `mig up`: the file may have dropped what they make
 */
async function tryFile(
  maker: DraftMaker,
  direction: "up" | "down",
  revision: Revision,
  wanted: SchemaDump,
  way: ProvenDifference | null,
  scripts: readonly PreparedRepeatable[] = [],
): Promise<DraftFault | null> {
  const { shadow, table } = maker;
  try {
    await shadow.step(direction, revision);
    for (const script of scripts) {
      await shadow.use((session) => runScript(session, script, true, shadow.kind));
    }
  } catch (error) {
    if (!(error instanceof MigError) || error.code === "interrupted") throw error;
    return { direction, error, differs: [] };
  }
  const { database } = shadow;
  const { qualified } = await shadow.use((session) => findVersionTable(session, table));
  const known = new Set(way?.proof.differs.map(({ object }) => object));
  const differs = compareDumps(await dumpForProof(database, qualified), wanted);
  return differs.every(({ object }) => known.has(object)) ? null : { direction, error: null, differs };
}
