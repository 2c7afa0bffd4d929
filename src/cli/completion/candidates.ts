/** The values that a word can become, with what they mean. */

import { REGISTRY } from "../../commands/registry.ts";
import { slugOf } from "../../revision/slug.ts";
import type { ListedRevision } from "../../storage/list.ts";
import { environments, foldersOf, revisionsOf, templatesOf } from "./project.ts";
import type { Request } from "./request.ts";

/** One value. */
export interface Candidate {
  readonly value: string;
  readonly meaning?: string;
}

/** All values of the kind that is wanted that begin with what is typed; in the order in which to show them. */
export async function candidatesFor(request: Request): Promise<readonly Candidate[]> {
  const text = request.text.toLowerCase();
  return (await all(request, text)).filter(({ value }) => value.toLowerCase().startsWith(text));
}

async function all(request: Request, text: string): Promise<readonly Candidate[]> {
  switch (request.kind) {
    case "command":
      return commands(text);
    case "flag":
      return request.flags.map(({ name, summary }) => ({ value: `--${name}`, meaning: summary }));
    case "revision":
      return specs(await revisionsOf(request.values), text, request.operands);
    case "environment":
      return plain(await environments());
    case "template":
      return plain(await templatesOf(request.values));
    case "migrations-folder":
      return plain(await foldersOf(request.values));
    case "choice":
      return plain(request.choices);
    case "files":
    case "folders":
    case "nothing":
      return [];
  }
}

function plain(values: readonly string[]): Candidate[] {
  return values.map((value) => ({ value }));
}

/** The commands; their other names are offered to those who begin to type one. */
function commands(text: string): Candidate[] {
  const named = REGISTRY.map(({ name, summary }) => ({ value: name, meaning: summary }));
  if (named.some(({ value }) => value.startsWith(text))) return named;
  return REGISTRY.flatMap(({ aliases, summary }) =>
    aliases.map((alias) => ({ value: alias, meaning: summary }))
  );
}

const WORDS: readonly Candidate[] = [
  { value: "head", meaning: "the revision that nobody follows" },
  { value: "heads", meaning: "those of all branches" },
  { value: "base", meaning: "before the first revision" },
  { value: "current", meaning: "where the database is" },
];

/** The ways to name a revision; ids with their messages. What is named already is left out. */
function specs(
  revisions: readonly ListedRevision[],
  text: string,
  given: readonly string[],
): readonly Candidate[] {
  const ids = revisions.map(({ id, message }) => ({ value: id, meaning: message }));
  const labels = revisions.flatMap(({ labels }) =>
    labels.map((label) => ({ value: `${label}@head`, meaning: `the newest revision of ${label}` }))
  );
  const found = [...WORDS, ...labels, ...ids].filter(({ value }) => !given.includes(value));
  if (text === "" || found.some(({ value }) => value.toLowerCase().startsWith(text))) return found;
  return bySlug(revisions);
}

/** By the words of the message, where no other revision has the same ones. */
function bySlug(revisions: readonly ListedRevision[]): readonly Candidate[] {
  const slugs = new Map<string, ListedRevision | null>();
  for (const revision of revisions) {
    const slug = slugOf(revision.message);
    slugs.set(slug, slugs.has(slug) ? null : revision);
  }
  return [...slugs].flatMap(([slug, revision]) =>
    slug === "" || revision === null ? [] : [{ value: slug, meaning: `${revision.id} ${revision.message}` }]
  );
}
