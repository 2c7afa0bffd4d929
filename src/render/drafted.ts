/** What `mig new --auto` and its kin say of the SQL that they have written. */

import type { DraftDownData, DraftedData, DraftedFile } from "../commands/data.ts";
import { remarksOf } from "../engine/difference_text.ts";
import { renderCreated } from "./created.ts";
import { count } from "./layout.ts";
import { printable, type Style } from "./style.ts";
import { titled } from "./title.ts";

/** What was made, what is in it, and what to look at. */
export function renderDrafted({ created, from, to, up, down }: DraftedData, style: Style): string {
  const files = [
    ...up === null ? [] : draftedFile("up.sql", up, style),
    ...down === null || created === null ? [] : draftedFile("down.sql", down, style),
  ];
  if (created !== null) return [...files, renderCreated({ kind: "created", ...created }, style)].join("\n");
  const listed = up?.cannot ?? [];
  return [
    listed.length === 0
      ? `Nothing to do: ${printable(from)} and ${printable(to!)} are equal`
      : `Nothing was made: what differs between ${printable(from)} and ${
        printable(to!)
      } is only what no statement can change`,
    ...listed.length === 0 ? [] : files,
  ].join("\n");
}

/** The file, or what was written; why not, where nothing was. */
export function renderDraftDown(
  { revision, path, written, down, text, view }: DraftDownData,
  style: Style,
): string {
  // As it is: it is meant to be kept.
  if (view.print && text !== null) return text.trimEnd();
  const head = written
    ? [`wrote  ${printable(path)}`]
    : down.statements.length + down.faults.length + down.cannot.length === 0
    ? [
      `Nothing was written: up.sql of ${
        titled(revision, style)
      } leaves the schema as it was, and what it does to rows is to be \
taken back by hand`,
    ]
    : ["Nothing was written"];
  return [...head, ...written || down.faults.length > 0 ? draftedFile("down.sql", down, style) : []].join(
    "\n",
  );
}

/** A file that was drafted: how much is in it, and everything about it that a person has to know. */
export function draftedFile(
  name: string,
  { statements, cannot, roles, faults }: DraftedFile,
  style: Style,
): string[] {
  const warn = (text: string) =>
    style.yellow(`${" ".repeat(name.length)}  ${printable(text).replaceAll("\n", " ")}`);
  const remarks = [...new Set(statements.flatMap(remarksOf))];
  const sum = faults.length > 0
    ? `${name}  is not written, since it is not proven:`
    : statements.length === 0
    ? `${name}  has nothing to do`
    : `${name}  ${count(statements.length, "statement")}, proven`;
  return [
    sum,
    ...faults.map(warn),
    ...faults.length > 0 ? [] : remarks.map(warn),
    ...cannot.map(({ object, reason }) => warn(`cannot: ${object.kind} ${object.name}: ${reason}`)),
    ...roles.length === 0
      ? []
      : [warn(`has to exist before: ${roles.map((role) => `role ${role}`).join(", ")}`)],
  ];
}
