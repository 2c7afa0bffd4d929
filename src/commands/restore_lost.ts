/** What a project lacks of the revisions that a database has. */

import type { FoundRevisions } from "../engine/chain.ts";
import { MigError } from "../error.ts";
import type { AppliedRevision } from "../revision/applied.ts";
import type { RevisionGraph } from "../revision/graph.ts";
import { resolve } from "../revision/resolve.ts";
import type { Direction, Revision, RevisionId } from "../revision/revision.ts";
import { several } from "../revision/several.ts";
import { parseSpec } from "../revision/spec.ts";
import { isStored, joinStored } from "../revision/stored.ts";
import type { FormerFolder } from "./app.ts";
import { noMetadata } from "./restore_faults.ts";

/** A revision of which something is not here; all of it where it is a stored one. */
export interface Lost {
  readonly revision: Revision;
  /** The SQL files that are lost. */
  readonly files: readonly Direction[];
  /** Whether its meta.json is. */
  readonly metadata: boolean;
}

/**
 * What to write, parents first.
 *
 * @param specs what was named; none for all that is applied
 * @param rows the version table
 * @throws {MigError} as `resolve()` and `RevisionGraph`; `metadata-invalid` for a folder of which the database knows nothing,
 * `already-exists` where nothing is lost of a revision that was named
 */
export function findLost(
  specs: readonly string[],
  { revisions, texts, bare }: FoundRevisions,
  rows: readonly AppliedRevision[],
  former: ReadonlyMap<RevisionId, FormerFolder>,
): readonly Lost[] {
  const folders = ownersOf(bare, revisions, rows, former);
  const graph = joinStored(revisions, rows, folders);
  const applied = new Map(rows.map((row) => [row.id, row]));
  const named = new Set(specs.flatMap((text) => resolve(parseSpec(text), graph, applied).ids));
  const wanted = graph.sort(graph.ancestors(specs.length === 0 ? applied.keys() : named));
  const lost = wanted.flatMap((revision): Lost[] => {
    if (isStored(revision)) return [{ revision, files: ["up", "down"], metadata: true }];
    const row = applied.get(revision.id);
    if (row === undefined) return [];
    const files: Direction[] = [
      ...texts.has(revision, "up") ? [] : ["up" as const],
      ...named.has(revision.id) && row.reversible && !texts.has(revision, "down") ? ["down" as const] : [],
    ];
    const metadata = folders.has(revision.id);
    return files.length === 0 && !metadata ? [] : [{ revision, files, metadata }];
  });
  refuseWhole(named, lost, graph, applied);
  return lost;
}

/** Whose folders those without meta.json are: by the path that git knows, else by the id in the name. */
function ownersOf(
  bare: readonly string[],
  revisions: readonly Revision[],
  rows: readonly AppliedRevision[],
  former: ReadonlyMap<RevisionId, FormerFolder>,
): ReadonlyMap<RevisionId, string> {
  const here = new Set(revisions.map(({ id }) => id));
  const strangers = rows.filter(({ id }) => !here.has(id)).map(({ id }) => id);
  const folders = new Map<RevisionId, string>();
  const nobodys: string[] = [];
  for (const path of bare) {
    const known = strangers.filter((id) => former.get(id)?.path === path);
    const [id, ...others] = known.length > 0 ? known : strangers.filter((id) => isIn(path, id));
    if (id === undefined || others.length > 0 || folders.has(id)) nobodys.push(path);
    else folders.set(id, path);
  }
  if (nobodys.length === 0) return folders;
  throw several(nobodys.map(noMetadata), "cannot read the revisions");
}

/** Whether an id is a piece of the folder's name, with nothing else in that piece. */
function isIn(path: string, id: RevisionId): boolean {
  const pieces = (text: string) => `_${text.toLowerCase().replaceAll(/[.-]/g, "_")}_`;
  return pieces(path.slice(path.lastIndexOf("/") + 1)).includes(pieces(id));
}

function refuseWhole(
  named: ReadonlySet<RevisionId>,
  lost: readonly Lost[],
  graph: RevisionGraph,
  applied: ReadonlyMap<RevisionId, AppliedRevision>,
): void {
  const writing = new Set(lost.map(({ revision }) => revision.id));
  const whole = [...named].find((id) => !writing.has(id));
  if (whole === undefined) return;
  throw new MigError("already-exists", `the folder of revision ${whole} is here already`, {
    locations: [{ path: graph.get(whole)!.path }],
    hint: applied.has(whole)
      ? `\`mig show ${whole} --applied\` prints what was applied`
      : "it is not applied, so the database knows nothing of it",
  });
}
