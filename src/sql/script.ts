/** A SQL file, read: its directives and its statements. */

import { closest } from "../closest.ts";
import { MigError } from "../error.ts";
import { isBatch, markBatches } from "./batch.ts";
import { readDirectives } from "./directives.ts";
import { Faults } from "./faults.ts";
import { findReferences } from "./references.ts";
import { withoutOwnTransactions } from "./large_object_dump.ts";
import { locate } from "./source.ts";
import { splitText } from "./splitter.ts";
import type { SqlScript } from "./statement.ts";

/**
 * Reads a SQL file.
 *
 * @param text decoded, see `decodeSql()`
 * @param path the file, for errors
 * @throws {MigError} `sql-unreadable`, `sql-refused` or `directive-invalid`
 */
export function parseScript(text: string, path: string): SqlScript {
  const split = splitText(text, path);
  const place = (offset: number, length: number) => locate(text, offset, path, length);
  const head = split.directives.filter((comment) => !isBatch(comment));
  const directives = readDirectives(head, split.statements[0]?.start, path, place);
  const own = directives.transaction ? [...withoutOwnTransactions(split.statements)] : split.statements;
  const statements = markBatches(text, own, split.directives.filter(isBatch), path);
  const script = { text, statements, directives };
  refuseUnused(script, path);
  return script;
}

/** A variable that is named and not used is most likely written in another way where it was meant to be. */
function refuseUnused({ text, statements, directives: { env } }: SqlScript, path: string): void {
  if (env.length === 0) return;
  const used = new Set(
    statements.flatMap((statement) => findReferences(statement.text).map(({ name }) => name)),
  );
  const faults = new Faults();
  for (const { name, start } of env) {
    if (used.has(name)) continue;
    const near = closest(name, [...used].filter((other) => !env.some((named) => named.name === other)));
    const guess = near === undefined ? "" : `is \${${near}} meant, which the file does not name? `;
    faults.add(() =>
      new MigError("directive-invalid", `the file names the variable ${name} and does not use it`, {
        locations: [locate(text, start, path, name.length)],
        hint:
          `${guess}write \${${name}} where its value belongs, or delete the name; comments and COPY data are left as they are`,
      })
    );
  }
  faults.throwAny((count) => `${count} directives in ${path} are wrong`);
}
