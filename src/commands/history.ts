/** `mig history`: the chain, newest first. */

import { MigError } from "../error.ts";
import { appliedIds } from "../engine/decide.ts";
import { survey } from "../engine/survey.ts";
import { parseRange, rangeNeedsDatabase, resolveRange } from "../revision/range.ts";
import { graphWithStored } from "../revision/stored.ts";
import type { Command, FlagSpec, Input } from "./command.ts";
import type { HistoryData } from "./data.ts";
import { entriesOf } from "./entries.ts";

/** The switch of verbs that can do without the database. */
export const NO_DB: FlagSpec = {
  name: "no-db",
  summary: "Look at the files only; the database is not asked",
};

/** The switch of verbs that draw lines. */
export const ASCII: FlagSpec = { name: "ascii", summary: "Draw with ASCII characters only" };

export const history: Command<HistoryData> = {
  spec: {
    name: "history",
    operands: "[<range>]",
    arity: [0, 1],
    about: [
      "Lists every revision, newest first: which are applied, when and by whom, where the database is, and where the \
head. Revisions which the database has and this folder lacks are listed too. Branches and merges are drawn beside the list.",
      "A range is `a:b`, `a:` or `:b`, both ends included, each a revision as every command names it. `-3:current` counts \
from the upper end, `3f9a:+2` from the lower one. --verbose adds the parents, labels and folder of each.",
    ],
    flags: [
      { name: "rev-range", short: "r", value: "RANGE", summary: "The range, as Alembic takes it" },
      NO_DB,
      ASCII,
    ],
    examples: [
      { command: "mig history", does: "the whole chain" },
      { command: "mig history -3:current", does: "where the database is, and the three before" },
      { command: "mig history 3f9a:head", does: "from one revision to the head" },
      { command: "mig history current: --verbose", does: "what is to come, with folders" },
    ],
  },
  async run(input, app) {
    const text = rangeOf(input);
    const range = text === null ? null : parseRange(text);
    const withoutDatabase = input.switches.has("no-db");
    if (withoutDatabase && range !== null && rangeNeedsDatabase(range)) {
      throw new MigError(
        "usage",
        `the range "${range.text}" is counted from the database, which is not asked`,
        {
          hint: "leave --no-db out, or name revisions",
        },
      );
    }
    const { chain: { graph: folder }, answer: asked } = withoutDatabase
      ? { chain: await app.openChain(), answer: null }
      : await app.askProject((database) => survey(database, app.table));
    const rows = asked?.applied ?? [];
    const graph = graphWithStored(folder, rows);
    const wanted = range === null ? null : resolveRange(range, graph, appliedIds(rows), folder);
    return {
      kind: "history",
      database: asked?.database ?? null,
      range: text,
      revisions: entriesOf(graph, folder, rows).filter(({ id }) => wanted?.has(id) ?? true),
      view: { verbose: input.switches.has("verbose"), ascii: input.switches.has("ascii") },
    };
  },
};

function rangeOf({ operands, values }: Input): string | null {
  const flag = values["rev-range"];
  if (flag !== undefined && operands.length > 0) {
    throw new MigError("usage", `the range is given twice: "${operands[0]}" and --rev-range ${flag}`, {
      hint: `write it once: mig history ${operands[0]}`,
    });
  }
  return flag ?? operands[0] ?? null;
}
