/** `mig diff`: the SQL that leads from one schema to another. */

import { findDifference } from "../engine/find_difference.ts";
import type { SchemaSource } from "../engine/schema_source.ts";
import type { Chain } from "../engine/chain.ts";
import { MigError } from "../error.ts";
import { asRange } from "../revision/git_range.ts";
import type { App } from "./app.ts";
import type { Command } from "./command.ts";
import type { DiffData } from "./data.ts";
import { namedRevisions } from "./named.ts";
import { faultsOf } from "./proof_faults.ts";
import { chooseRenames, RENAME } from "./renames.ts";
import { scriptsAt } from "./repeatables.ts";
import { SHADOW_FLAGS } from "./verify.ts";

export const diff: Command<DiffData> = {
  spec: {
    name: "diff",
    operands: "[<schema>] [<schema>]",
    arity: [0, 2],
    about: [
      "Prints the SQL that leads from one schema to another: from the chain's head to your database if you name none. A schema \
is a revision, `head` or `base`; `database`, the one of your settings, or the URL of another; or schema.sql, a file that \
makes it, or a folder of such files.",
      "Both are made in a throw-away database, the shadow, and the SQL is proven there: run on the first, it has to give what \
pg_dump writes of the second, and to keep all rows but those of which it says that they are lost. A database is only read: it is \
rebuilt from its catalog. What no statement can change is listed; what is not proven is said.",
      "A rename looks like a drop and an add, and is never guessed: candidates are listed, and --rename says that it is one.",
    ],
    flags: [
      { name: "check", summary: "Exit with 3 if there is any difference" },
      RENAME,
      ...SHADOW_FLAGS,
    ],
    examples: [
      { command: "mig diff", does: "what somebody has changed in the database by hand" },
      { command: "mig diff head schema.sql", does: "what the next revision has to do" },
      { command: "mig diff database head", does: "how to undo what was changed by hand" },
      { command: "mig diff head-1 head", does: "what the newest revision does, as statements" },
    ],
  },
  missingDatabase: "refuse",
  async run(input, app) {
    const { operands: [from = "head", to = "database"], switches } = input;
    const renames = chooseRenames(input, app);
    const chain = await app.openChain();
    await refuseRange(input.operands, app);
    const [first, second] = [await sourceOf(from, chain, app), await sourceOf(to, chain, app)];
    await using shadow = await app.openShadow(chain);
    const maker = { shadow, differ: await app.openDiffer(), table: app.table };
    const scripts = first.source.then ?? second.source.then;
    const found = await findDifference(
      maker,
      withScripts(first.source, scripts),
      withScripts(second.source, scripts),
      renames.given,
      renames.chooseGiven,
    );
    renames.refuseUnused();
    const { difference: { cannot, candidates, roles }, proof } = found;
    return {
      kind: "diff",
      from: first.name,
      to: second.name,
      statements: proof.failed.length === 0 ? proof.statements : [
        ...proof.statements,
        ...proof.failed.map(({ statement }) => statement),
      ],
      cannot,
      candidates,
      roles,
      proven: proof.proven,
      faults: faultsOf(found),
      view: { check: switches.has("check") },
    };
  },
  exitCode: ({ statements, cannot, faults, view }) =>
    view.check && statements.length + cannot.length + faults.length > 0 ? 3 : 0,
};

interface NamedSource {
  readonly name: string;
  readonly source: SchemaSource;
}

/** Git's diff takes one. */
async function refuseRange(operands: readonly string[], app: App): Promise<void> {
  const [text = "", ...others] = operands;
  const range = isUrl(text) ? null : asRange(text);
  if (range === null || others.length > 0 || await app.readSchema(text) !== null) return;
  const [from, to] = range.split(":") as [string, string];
  throw new MigError("usage", `cannot read "${text}" as a schema: it is a range`, {
    hint: `name the two one after the other: \`mig diff ${from || "base"} ${
      to || "head"
    }\` is what comes after ${from || "base"}`,
  });
}

async function sourceOf(text: string, chain: Chain, app: App): Promise<NamedSource> {
  if (text === "database" || isUrl(text)) {
    const database = await app.openDatabase(text === "database" ? undefined : text);
    return { name: database.description, source: { kind: "database", database } };
  }
  const files = await app.readSchema(text);
  if (files !== null) return { name: text, source: { kind: "files", files } };
  const ids = await namedRevisions(text === "head" ? "heads" : text, chain, app, () => []);
  const { graph } = chain;
  const revisions = graph.sort(graph.ancestors(ids));
  const tips = graph.tips(new Set(ids)).map(({ id }) => id).join(" and ");
  return {
    name: tips === "" || tips === text ? text : `${text} (${tips})`,
    source: { kind: "revisions", revisions, ...await scriptsAt(revisions, chain, app) },
  };
}

/** What files say of what the scripts make, or leave to them, is theirs. */
function withScripts(source: SchemaSource, scripts: SchemaSource["then"]): SchemaSource {
  return source.kind === "files" && scripts !== undefined ? { ...source, then: scripts } : source;
}

function isUrl(text: string): boolean {
  return /^(?:postgres(?:ql)?|pglite):/.test(text) || /^\w+=/.test(text);
}
