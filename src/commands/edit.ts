/** `mig edit`: opens a revision's SQL files in the editor. */

import { storedText } from "../engine/recorded.ts";
import { MigError } from "../error.ts";
import { storedChecksum } from "../revision/not_kept.ts";
import type { Command } from "./command.ts";
import type { EditData } from "./data.ts";
import { NO_HOOKS, runAfterEdit } from "./file_hooks.ts";
import { asCommands, namedRevisions } from "./named.ts";

export const edit: Command<EditData> = {
  spec: {
    name: "edit",
    operands: "[<revision>]",
    arity: [0, 1],
    about: [
      "Opens up.sql and down.sql of a revision in the editor that VISUAL or EDITOR names, the head's if you name none. The \
variable may hold arguments: EDITOR='code --wait'. The database is asked only where the revision is counted from \
there: current, -1.",
    ],
    flags: [NO_HOOKS],
    examples: [
      { command: "mig edit", does: "the newest revision" },
      { command: "mig edit phone_number", does: "the one with this message" },
      { command: "mig edit current", does: "the one that the database is at" },
    ],
  },
  async run(input, app) {
    const editor = app.openEditor();
    const chain = await app.openChain();
    const { graph, texts } = chain;
    const spec = input.operands[0] ?? "head";
    const ids = await namedRevisions(
      spec,
      chain,
      app,
      (
        heads,
      ) => [`name one: ${asCommands(heads, (id) => `mig edit ${id}`)}`, "or open them all: `mig edit heads`"],
    );
    if (ids.length === 0) {
      throw new MigError("usage", `"${spec}" stands for no revision`, {
        hint: "name one: `mig history` lists them",
      });
    }
    const revisions = graph.sort(ids);
    const read = () =>
      revisions.flatMap((revision) =>
        (["up", "down"] as const).map((direction) => ({
          path: texts.pathOf(revision, direction),
          text: storedText(texts.open(revision, direction)),
        }))
      );
    const before = read();
    await editor.edit(before.filter(({ text }) => text !== null).map(({ path }) => path), spec);
    const after = read();
    const changed = before.filter(({ text }, i) => !same(text, after[i]!.text)).map(({ path }) => path);
    if (changed.length > 0) {
      await runAfterEdit(revisions.map(({ id }) => id), changed, input, app);
    }
    return {
      kind: "edit",
      revisions: revisions.map(({ id, message, path }) => ({ id, message, path })),
      changed,
    };
  },
};

/** As the checksum sees it, by which an edit of an applied revision is noticed. */
function same(before: string | null, after: string | null): boolean {
  if (before === null || after === null) return before === after;
  return storedChecksum(before) === storedChecksum(after);
}
