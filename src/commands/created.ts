/** What the verbs say that make a revision. */

import type { Chain } from "../engine/chain.ts";
import type { RevisionId } from "../revision/revision.ts";
import type { CreatedRevision } from "./app.ts";
import type { CreatedData } from "./data.ts";

/**
 * What was made, and what is next.
 * @param chain as it was before
 * @param written the SQL files whose text is there already
 */
export function createdData(
  { graph }: Chain,
  wanted: {
    readonly message: string;
    readonly parents: readonly RevisionId[];
    readonly dependsOn?: readonly RevisionId[];
  },
  { id, labels, path, files }: CreatedRevision,
  written: readonly ("up" | "down")[] = [],
): CreatedData {
  const { message, parents, dependsOn = [] } = wanted;
  const others = graph.heads.filter((head) => !parents.includes(head.id));
  return {
    kind: "created",
    id,
    parents,
    dependsOn,
    labels,
    message,
    path,
    files,
    toWrite: files.filter((file) =>
      file.endsWith(".sql") && !written.some((name) => file.endsWith(`/${name}.sql`))
    ),
    heads: [...others.map(({ id, message }) => ({ id, message })), { id, message }],
  };
}
