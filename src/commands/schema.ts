/** `mig schema`: the schema as of any revision, without a server. */

import type { Command } from "./command.ts";
import type { SchemaData } from "./data.ts";
import { namedRevisions } from "./named.ts";
import { SHADOW_FLAGS } from "./verify.ts";

export const schema: Command<SchemaData> = {
  spec: {
    name: "schema",
    operands: "[<revision>]",
    arity: [0, 1],
    about: [
      "Prints the schema that the chain makes up to a revision, the head if you name none, as pg_dump writes it: without a \
server, by replaying the chain in a throw-away database, the shadow. Two of them can be compared by diff.",
      "The shadow is PostgreSQL 18, embedded, unless --shadow-url names a server; pg_dump must then be on the PATH.",
    ],
    flags: [
      { name: "owners", summary: "Say who owns what, and who may use it" },
      ...SHADOW_FLAGS,
    ],
    examples: [
      { command: "mig schema > schema.sql", does: "what `mig up` makes of an empty database" },
      { command: "mig schema 3f9a", does: "as it was when 3f9a1c2b was the newest" },
      { command: "diff <(mig schema head-1) <(mig schema head)", does: "what the newest revision changes" },
    ],
  },
  async run({ operands: [text = "heads"], switches }, app) {
    const chain = await app.openChain();
    const { graph } = chain;
    const ids = await namedRevisions(text, chain, app, () => ["`mig schema heads` takes them all"]);
    const revisions = graph.sort(graph.ancestors(ids));
    await using shadow = await app.openShadow(chain);
    await shadow.at(revisions);
    const sql = await shadow.dump(switches.has("owners") ? "with owners" : "without owners");
    const at = graph.tips(new Set(ids)).map(({ id, message }) => ({ id, message }));
    return { kind: "schema", at, revisions: revisions.length, sql };
  },
};
