/** What was changed in a database by hand, as SQL both ways. */

import type { DraftedFile, DriftData } from "../commands/data.ts";
import { remarksOf, sqlBlocks } from "../engine/difference_text.ts";
import { createdLines } from "./created.ts";
import { draftedFile } from "./drafted.ts";
import { count } from "./layout.ts";
import { printable, type Style } from "./style.ts";
import { titled } from "./title.ts";

/** SQL with comments, or a sentence where there is none. */
export function renderDrift(data: DriftData, style: Style): string {
  const { database, at, adopt, undo, candidates, edited, created } = data;
  const place = at.length === 0 ? "base" : at.map(({ id }) => id).join(" and ");
  const note = (text: string) => style.dim(`-- ${oneLine(text)}`);
  const warning = (text: string) => style.yellow(`-- ${oneLine(text)}`);
  const editedNotes = edited.map((revision) =>
    warning(`${titled(revision, style)} was edited after it was applied: the edit is in here too`)
  );
  if (adopt.statements.length + adopt.cannot.length + adopt.faults.length === 0) {
    return [...editedNotes, `No drift: ${printable(database)} is what the chain makes at ${place}`].join(
      "\n",
    );
  }
  if (created !== null) {
    return [
      ...draftedFile("up.sql", adopt, style),
      ...undo === null ? [] : draftedFile("down.sql", undo, style),
      ...createdLines({ kind: "created", ...created }, style),
      `next: mig stamp ${created.id}, since this database has it already`,
    ].join("\n");
  }
  const part = (title: string, file: DraftedFile) => [
    [
      note(
        `${title}: ${count(file.statements.length, "statement")}${
          file.faults.length === 0 ? ", proven" : ""
        }`,
      ),
      ...file.faults.length === 0 ? [] : [warning("NOT PROVEN: look at each statement before you run it")],
      ...file.faults.map((fault) => warning(`  ${fault}`)),
      ...file.cannot.map(({ object, reason }) => warning(`cannot: ${object.kind} ${object.name}: ${reason}`)),
    ].join("\n"),
    ...sqlBlocks(file.statements, (statement, last) => [
      ...last !== null && last.segment !== statement.segment ? [note("commit before this one")] : [],
      ...statement.outsideTransaction ? [note("cannot run in a transaction")] : [],
      ...remarksOf(statement).map(warning),
    ]),
  ];
  return [
    [
      warning(`${database} is not what the chain makes at ${place}`),
      ...editedNotes,
      ...candidates.map(({ kind, from, to }) => note(`a rename? --rename '${kind} ${from} to ${to}'`)),
    ].join("\n"),
    ...part('what was done by hand; `mig drift --adopt "…"` makes it a revision', adopt),
    ...undo === null ? [] : part("what undoes it", undo),
  ].join("\n\n");
}

function oneLine(text: string): string {
  return printable(text).replaceAll("\n", " ");
}
