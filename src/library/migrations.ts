/** The revisions that a library's caller gives: folders, or values. */

import type { Chain, FoundRevisions } from "../engine/chain.ts";
import { MigError } from "../error.ts";
import { RevisionGraph } from "../revision/graph.ts";
import type { Writer } from "./folders.ts";
import { chainOf, type RevisionLiteral } from "./memory.ts";
import type { OpenOptions } from "./open.ts";

type Migrations = OpenOptions["migrations"];

/** Reads and links them. */
export async function openChain(migrations: Migrations): Promise<Chain> {
  if (isLiterals(migrations)) return await chainOf(migrations);
  const [{ readChain }, { openFolder }] = await storage();
  return { graph: new RevisionGraph(await readChain(migrations)), texts: openFolder(migrations) };
}

/** Reads them as they stand. */
export async function readRevisions(migrations: Migrations): Promise<FoundRevisions> {
  if (isLiterals(migrations)) {
    const { graph, texts } = await chainOf(migrations);
    return { revisions: graph.order, texts, bare: [] };
  }
  const [{ readChain }, { openFolder }] = await storage();
  const bare: string[] = [];
  return { revisions: await readChain(migrations, bare), texts: openFolder(migrations), bare };
}

/** Not loaded by a program whose revisions are values. */
async function storage() {
  return await Promise.all([import("../storage/chain.ts"), import("../storage/texts.ts")]);
}

/** What writes into their folders. */
export async function writer(migrations: Migrations): Promise<Writer> {
  if (isLiterals(migrations)) {
    return {
      createRevision: noFolder,
      restoreRevision: noFolder,
      replaceMetadata: noFolder,
      writeMetadata: noFolder,
      writeSql: noFolder,
    };
  }
  const { writerFor } = await import("./folders.ts");
  return writerFor({ paths: [migrations].flat() });
}

function isLiterals(migrations: Migrations): migrations is readonly RevisionLiteral[] {
  return typeof migrations !== "string" && typeof migrations[0] !== "string";
}

function noFolder(): never {
  throw new MigError("usage", "there is no folder to write to: the revisions were given as values");
}
