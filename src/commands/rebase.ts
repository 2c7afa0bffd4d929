/** `mig rebase`: lets a revision that is not applied follow another one. */

import { MigError } from "../error.ts";
import { survey } from "../engine/survey.ts";
import type { Chain } from "../engine/chain.ts";
import { RevisionGraph } from "../revision/graph.ts";
import { parseMetadata } from "../revision/metadata.ts";
import { titleOf } from "../revision/name_lookup.ts";
import { planRebase, type Rebase, withParent } from "../revision/rebase.ts";
import { type Revision, type RevisionId, withChanges } from "../revision/revision.ts";
import { parseSpec } from "../revision/spec.ts";
import type { App } from "./app.ts";
import type { Command } from "./command.ts";
import type { RebasedData } from "./data.ts";
import { NO_DB } from "./history.ts";
import { asCommands, namedRevisions } from "./named.ts";

export const rebase: Command<RebasedData> = {
  spec: {
    name: "rebase",
    operands: "<revision> --onto <revision>",
    arity: [1, 1],
    about: [
      "Lets a revision follow another one than before: it changes `parent` in its meta.json and nothing else. What follows \
it comes along. After two branches have grown from one revision, this makes a chain of them again, without a merge revision.",
      "A revision that is applied stays where it is, and mig asks the database of the settings whether it is. Other databases \
are not asked: rebase what nobody else has applied.",
    ],
    flags: [
      {
        name: "onto",
        value: "REV",
        summary: "What it is to follow; base for nothing, head for the head of the rest",
      },
      { name: "from", value: "REV", summary: "Of a merge: which of its parents is replaced" },
      NO_DB,
    ],
    examples: [
      {
        command: "mig rebase 3f9a --onto head",
        does: "3f9a1c2b and what follows it come after the other branch",
      },
      {
        command: "mig rebase 77d0 --onto 3f9a --from 91c0",
        does: "the merge 77d0 follows 3f9a in place of 91c0",
      },
    ],
  },
  async run({ operands: [name], values, switches }, app) {
    if (values.onto === undefined) {
      throw new MigError("usage", "mig rebase needs --onto: the revision to follow", {
        hint: `for example: mig rebase ${name} --onto head`,
      });
    }
    const chain = await app.openChain();
    const revision = chain.graph.get((await oneOf(name!, "", chain, app))!)!;
    const onto = await oneOf(values.onto, "--onto ", ontoChain(values.onto, revision, chain), app);
    const from = values.from === undefined ? undefined : await oneOf(values.from, "--from ", chain, app);
    if (from === null) throw noRevision(values.from!);
    const plan = planRebase(chain.graph, revision, onto, from);
    const database = switches.has("no-db") ? null : await refuseApplied(revision, app);
    const changed = plan.from !== plan.to;
    if (changed) app.replaceMetadata(revision, newText(plan));
    return rebasedData(chain, plan, changed, database);
  },
};

/** The revision that a spec stands for; null for the base. */
async function oneOf(
  text: string,
  flag: "" | "--onto " | "--from ",
  chain: Chain,
  app: App,
): Promise<RevisionId | null> {
  const ids = await namedRevisions(text, chain, app, (heads) => [
    `name one: ${asCommands(heads, (id) => flag === "" ? `mig rebase ${id}` : flag + id)}`,
  ]);
  if (ids.length === 0 && flag === "") throw noRevision(text);
  if (ids.length < 2) return ids[0] ?? null;
  throw new MigError("usage", `"${text}" stands for ${ids.join(" and ")}, and mig rebase takes one`, {
    hint: `name one: ${flag}${ids[0]}`,
  });
}

/** In `--onto head` the head of the rest is meant: what moves cannot follow itself. */
function ontoChain(onto: string, { id }: Revision, { graph, texts }: Chain): Chain {
  if (parseSpec(onto).anchor.kind !== "head") return { graph, texts };
  const moving = graph.descendants([id]);
  return { graph: new RevisionGraph(graph.order.filter((revision) => !moving.has(revision.id))), texts };
}

/** @returns which database says that it is not applied */
async function refuseApplied(revision: Revision, app: App): Promise<string> {
  const { database, applied } = await survey(await app.openDatabase(), app.table);
  const row = applied.find(({ id }) => id === revision.id);
  if (row === undefined) return database;
  throw new MigError("revision-applied", `cannot rebase ${titleOf(revision)}: it is applied in ${database}`, {
    hint: [
      "where it stands is a part of that database's history: rebase the other branch instead, or run `mig merge`",
      `if the data may go: \`mig down ${revision.id}@-1\` undoes it, and it can be rebased then`,
    ],
    data: { revision: revision.id, database, appliedAt: row.appliedAt },
  });
}

function newText(plan: Rebase): string {
  const text = withParent(plan.revision.metadata!, plan);
  const parents = parseMetadata(text)?.parents.join(" ");
  if (parents !== plan.parents.join(" ")) throw new Error(`rebase would have written ${text}`);
  return text;
}

function rebasedData({ graph }: Chain, plan: Rebase, changed: boolean, database: string | null): RebasedData {
  const { revision, parents } = plan;
  const after = new RevisionGraph(
    graph.order.map((other) => other.id === revision.id ? withChanges(other, { parents }) : other),
  );
  const named = ({ id, message }: Revision) => ({ id, message });
  return {
    kind: "rebased",
    revision: { ...named(revision), path: revision.path },
    before: revision.parents,
    parents: parents.map((id) => named(after.get(id)!)),
    changed,
    database,
    heads: after.heads.map(named),
  };
}

function noRevision(text: string): MigError {
  return new MigError("usage", `"${text}" stands for no revision`, { hint: "`mig history` lists them" });
}
