/** The revisions that a library's caller gives: folders, or values. */

import type { App } from "../commands/app.ts";
import type { Chain } from "../engine/chain.ts";
import { MigError } from "../error.ts";
import { RevisionGraph } from "../revision/graph.ts";
import { chainOf, type RevisionLiteral } from "./memory.ts";
import type { OpenOptions } from "./open.ts";

type Migrations = OpenOptions["migrations"];

/** Reads and links them. */
export async function openChain(migrations: Migrations): Promise<Chain> {
  if (isLiterals(migrations)) return await chainOf(migrations);
  const [{ readChain }, { openFolder }] = await Promise.all([
    import("../storage/chain.ts"),
    import("../storage/texts.ts"),
  ]);
  return { graph: new RevisionGraph(await readChain(migrations)), texts: openFolder(migrations) };
}

/** What writes into their folders. */
export async function writer(
  migrations: Migrations,
): Promise<Pick<App, "createRevision" | "replaceMetadata" | "writeDown">> {
  if (isLiterals(migrations)) {
    return { createRevision: noFolder, replaceMetadata: noFolder, writeDown: noFolder };
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
