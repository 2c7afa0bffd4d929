/** `mig blame`: which revision made an object what it is. */

import { blame, objectName, type WantedName } from "../engine/shadow/blame.ts";
import { MigError } from "../error.ts";
import type { Revision } from "../revision/revision.ts";
import { Lexer } from "../sql/lexer.ts";
import { fold } from "../sql/words.ts";
import type { Command } from "./command.ts";
import type { BlameData } from "./data.ts";
import { noColumn, notFound } from "./object_unknown.ts";
import { SHADOW_FLAGS } from "./verify.ts";

export const blameCommand: Command<BlameData> = {
  spec: {
    name: "blame",
    operands: "<object>",
    arity: [1, 1],
    about: [
      "Tells which revision made an object what it is: of a table each column, constraint, index, trigger and policy, with the \
revision that last changed it, and what it was called before. An object is a table, view, sequence, index, function, type or \
domain, with its schema or without; `users.email` is one column. The chain is replayed in a throw-away database, the shadow, \
which takes a while for a long one; no server is asked.",
      "What only moves with something else counts too: a check whose text has the new name of a column was changed by the \
revision that renamed it.",
    ],
    flags: [...SHADOW_FLAGS],
    examples: [
      { command: "mig blame users", does: "who made each column what it is" },
      { command: "mig blame users.email", does: "one of them" },
      { command: "mig blame 'app.total(integer)'", does: "a function" },
    ],
  },
  async run({ operands: [text] }, app) {
    const names = namesIn(text!);
    const chain = await app.openChain();
    const { order } = chain.graph;
    await using shadow = await app.openShadow(chain);
    const last = names.at(-1)!;
    const whole = wantedOf(names, names.length);
    const ofColumn = names.length > 1 && last.suffix === null ? [wantedOf(names, names.length - 1)] : [];
    const found = await blame(shadow, order, names.length > 2 ? ofColumn : [whole, ...ofColumn]);
    if (found.kind !== "found") throw notFound(text!, found);
    const { object } = found;
    const column = found.name === whole ? null : last.name;
    const parts = column === null
      ? found.parts
      : found.parts.filter(({ kind, name }) => kind === "column" && name === column);
    if (parts.length === 0) {
      const columns = found.parts.filter(({ kind }) => kind === "column").map(({ name }) => name);
      throw noColumn(object, column!, columns);
    }
    return {
      kind: "blame",
      object: { kind: object.kind, name: objectName(object) },
      revisions: order.length,
      parts: parts.map(({ revision, since, ...part }) => ({
        kind: part.kind,
        name: part.name,
        definition: part.definition,
        revision: nameOf(revision),
        since: nameOf(since),
        formerly: part.formerly,
      })),
    };
  },
};

interface NamePart {
  readonly name: string;
  readonly suffix: string | null;
}

/** The parts of a name as SQL has them: folded where they are not in quotes. */
function namesIn(text: string): readonly NamePart[] {
  const open = text.indexOf("(");
  const suffix = open < 0 ? null : text.slice(open);
  const lexer = new Lexer(open < 0 ? text : text.slice(0, open));
  const names: string[] = [];
  while (lexer.next()) {
    const { kind, token } = lexer;
    if (kind === "word") names.push(fold(token));
    else if (kind === "identifier") {
      names.push(token.startsWith('"') ? token.slice(1, -1).replaceAll('""', '"') : fold(token));
    }
  }
  if (names.length === 0 || names.length > 3) {
    throw new MigError("usage", `"${text}" is no object's name`, {
      hint: "as in: users, app.users, users.email, 'total(integer)'",
    });
  }
  return names.map((name, at) => ({ name, suffix: at === names.length - 1 ? suffix : null }));
}

/** The first of these names, as those of an object. */
function wantedOf(names: readonly NamePart[], count: number): WantedName {
  const { name, suffix } = names[count - 1]!;
  return { schema: count > 1 ? names[count - 2]!.name : null, name, suffix };
}

function nameOf({ id, message }: Revision) {
  return { id, message };
}
