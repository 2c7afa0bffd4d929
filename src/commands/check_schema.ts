/** Whether the schema that is wanted and the chain agree (Alembic's `check`). */

import type { Chain } from "../engine/chain.ts";
import { findDifference } from "../engine/find_difference.ts";
import { MigError } from "../error.ts";
import type { App } from "./app.ts";
import type { Problem } from "./data.ts";
import { desiredFiles } from "./desired.ts";
import { problemOfError } from "./problem.ts";
import { faultsOf } from "./proof_faults.ts";
import { scriptsAt } from "./repeatables.ts";

/**
 * What the files of the setting `schema` and the chain disagree on, one problem for each object.
 * @throws {MigError} `file-failed` where there are no such files, and what keeps the shadow from being made
 */
export async function checkSchema(chain: Chain, app: App): Promise<Problem[]> {
  const wanted = await desiredFiles(undefined, app);
  await using shadow = await app.openShadow(chain);
  const maker = { shadow, differ: await app.openDiffer(), table: app.table };
  const problemWith = (message: string): Problem => ({
    kind: "schema-differs",
    revision: null,
    message,
    location: { path: app.schemaPath, line: null, column: null },
    hints: [HINT],
    diff: null,
  });
  try {
    const revisions = chain.graph.order;
    const scripts = await scriptsAt(revisions, chain, app);
    const head = { kind: "revisions", revisions, ...scripts } as const;
    const found = await findDifference(maker, head, { ...wanted.source, ...scripts });
    const { difference: { cannot }, proof: { statements } } = found;
    const verbs = new Map<string, Set<string>>();
    for (const { object: { kind, name }, verb } of [...statements, ...cannot.map(asStatement)]) {
      const key = `${kind} ${name}`;
      verbs.set(key, (verbs.get(key) ?? new Set()).add(verb));
    }
    return [
      ...[...verbs].map(([object, verbs]) => problemWith(`${object} ${sayOf(verbs)}`)),
      ...faultsOf(found).map(problemWith),
    ];
  } catch (error) {
    // A file that fails is what a check is for.
    if (!(error instanceof MigError) || error.code !== "sql-failed") throw error;
    return [problemOfError(error)];
  }
}

const HINT = '`mig new --auto "…"` writes the revision that leads there';

function asStatement<T>(unexpressed: T): T & { readonly verb: "alter" } {
  return { ...unexpressed, verb: "alter" };
}

/** What is made anew, such as a view over a column that changes, is there in both. */
function sayOf(verbs: ReadonlySet<string>): string {
  const [verb] = verbs;
  if (verbs.size > 1 || verb === "alter" || verb === "rename") return "is not what the chain makes";
  return verb === "create" ? "is not made by the chain" : "is made by the chain, and is not wanted";
}
