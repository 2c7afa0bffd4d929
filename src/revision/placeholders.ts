/** `{{name}}` in a text, and what it stands for. A backslash before it keeps it as it is: `\{{name}}`. */

import { closest } from "../closest.ts";
import { slugOf } from "./slug.ts";
import type { Metadata } from "./metadata.ts";

/** A placeholder, and where it stands, in UTF-16 units. */
export interface Placeholder {
  readonly name: string;
  readonly text: string;
  readonly offset: number;
  readonly length: number;
}

/** The names that a folder's name may be made of. All times are in UTC. */
export const FOLDER_TERMS = [
  "id",
  "slug",
  "date",
  "year",
  "month",
  "day",
  "hour",
  "minute",
  "second",
  "epoch",
] as const;

/** The names that a template of a SQL file knows. */
export const TEMPLATE_TERMS = [...FOLDER_TERMS, "message", "parents", "labels", "depends_on"] as const;

/** What each name stands for. */
export type Fields = Readonly<Record<typeof TEMPLATE_TERMS[number], string>>;

/** What the placeholders stand for in the files of a revision. */
export function fieldsOf(revision: Metadata, now: Date): Fields {
  const [year, month, day, hour, minute, second] = now.toISOString().match(/\d+/g)!;
  return {
    id: revision.id,
    slug: slugOf(revision.message),
    // A line break would end the comment in which the message stands, and the rest of it would be SQL.
    message: revision.message.replaceAll(/\s+/g, " "),
    parents: revision.parents.length === 0 ? "base" : revision.parents.join(", "),
    labels: revision.labels.join(", "),
    depends_on: revision.dependsOn.join(", "),
    date: `${year}-${month}-${day}`,
    year: year!,
    month: month!,
    day: day!,
    hour: hour!,
    minute: minute!,
    second: second!,
    epoch: String(Math.floor(now.getTime() / 1000)),
  };
}

/** The placeholders of a text. */
export function placeholdersOf(text: string): Placeholder[] {
  return [...text.matchAll(PLACEHOLDER)].filter(([, escape]) => escape === "").map((match) => ({
    name: match[2]!.trim(),
    text: match[0],
    offset: match.index,
    length: match[0].length,
  }));
}

/** The text with every placeholder replaced by what it stands for; all of its names must be known. */
export function fillIn(text: string, fields: Readonly<Record<string, string>>): string {
  return text.replace(
    PLACEHOLDER,
    (whole, escape: string, name: string) => escape === "" ? fields[name.trim()]! : whole.slice(1),
  );
}

/** What is wrong with a placeholder, in two sentences; null where its name is known. */
export function placeholderFault(
  { name, text }: Placeholder,
  known: readonly string[],
): { readonly message: string; readonly hint: string } | null {
  if (known.includes(name)) return null;
  const near = closest(name, known);
  const meant = near === undefined ? "" : `did you mean {{${near}}}? `;
  return {
    message: `there is no placeholder ${text}`,
    hint: `${meant}The placeholders are ${known.map((term) => `{{${term}}}`).join(" ")}`.replace(/^T/, "t"),
  };
}

// It begins with a letter: `'{{1,2},{3,4}}'` is an array of PostgreSQL.
const PLACEHOLDER = /(\\?)\{\{[ \t]*([A-Za-z_][^{}\n]*)\}\}/g;
