/** The cases of tests/corpus/changes: two schemas each, and what is known of the way from one to the other. */

import { walk } from "@std/fs";
import { type Rename, RENAME_KINDS, type RenameKind } from "../../src/engine/difference.ts";
import { ROOT } from "./mig.ts";

/** A change of a schema, to be made and to be undone. */
export interface Change {
  /** `columns/add_not_null`. */
  readonly name: string;
  readonly a: Schema;
  readonly b: Schema;
}

/** One side of a change. */
export interface Schema {
  readonly sql: string;
  /** Inserts, for what has to survive. */
  readonly rows: string;
  /** What leads away from it is told of these. */
  readonly renames: readonly Rename[];
  /** What it is known that cannot be expressed on the way to it, by its name. */
  readonly cannot: readonly string[];
}

/**
 * Reads the cases, in the order of their names.
 *
 * A file has sections, each of which begins with a line: `--- a`, `--- b`, `--- rows of a`, `--- rename of a: column
 * public.users.mail to email`, `--- cannot reach b: public.address.street`.
 */
export async function readChanges(folder = "tests/corpus/changes"): Promise<Change[]> {
  const changes: Change[] = [];
  for await (const { path } of walk(ROOT + folder, { includeDirs: false, exts: [".sql"] })) {
    const name = path.slice(ROOT.length + folder.length + 1, -".sql".length).replaceAll("\\", "/");
    changes.push({ name, ...readCase(await Deno.readTextFile(path), name) });
  }
  return changes.sort((one, other) => one.name < other.name ? -1 : 1);
}

function readCase(text: string, name: string): { readonly a: Schema; readonly b: Schema } {
  const sections = text.split(/^--- /m).slice(1).map((section) => {
    const end = section.indexOf("\n");
    return { title: section.slice(0, end).trim(), body: section.slice(end + 1) };
  });
  const known = /^(?:a|b|rows of [ab]|rename of [ab]: .*|cannot reach [ab]: .*)$/;
  const odd = sections.find(({ title }) => !known.test(title));
  if (odd !== undefined || text.startsWith("---") === false) {
    throw new Error(`${name}: odd section ${odd?.title}`);
  }
  const side = (letter: string): Schema => ({
    sql: sections.find(({ title }) => title === letter)!.body,
    rows: sections.filter(({ title }) => title === `rows of ${letter}`).map(({ body }) => body).join(""),
    renames: sections.flatMap(({ title }) => {
      const [, kind, from, to] =
        new RegExp(`^rename of ${letter}: (${RENAME_KINDS.join("|")}) (.*) to (.*)$`).exec(title) ??
          [];
      return kind === undefined ? [] : [{ kind: kind as RenameKind, from: from!, to: to! }];
    }),
    cannot: sections.flatMap(({ title }) =>
      new RegExp(`^cannot reach ${letter}: (.*)$`).exec(title)?.[1] ?? []
    ),
  });
  return { a: side("a"), b: side("b") };
}
