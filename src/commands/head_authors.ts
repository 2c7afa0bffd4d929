/** Several heads are several people's work: who wrote each is what a person needs to know to join them. */

import { MigError } from "../error.ts";
import type { App, Author } from "./app.ts";

/** The error with the authors of the heads that it names, if it is about heads; else as it is. */
export async function withHeadAuthors(error: MigError, authorsOf: App["authorsOf"]): Promise<MigError> {
  if (error.code !== "heads-multiple") return error;
  const heads = error.data.heads as readonly string[];
  const folders = error.locations.map(({ path }) => path.replace(/[\\/]meta\.json$/, ""));
  const authors = await authorsOf(folders);
  if (authors.size === 0) return error;
  const { code, message, hints, cause } = error;
  return new MigError(code, message, {
    hint: hints,
    cause,
    locations: error.locations.map((place, at) => ({
      ...place,
      note: [place.note, authorText(authors.get(folders[at]!))].filter(Boolean).join(", "),
    })),
    data: {
      ...error.data,
      authors: heads.flatMap((id, at) => {
        const author = authors.get(folders[at]!);
        return author === undefined ? [] : [{ id, name: author?.name ?? null, date: author?.date ?? null }];
      }),
    },
  });
}

/** `by Ada Lovelace on 2026-11-22`; undefined where nobody knows. */
export function authorText(author: Author | null | undefined): string | undefined {
  if (author === undefined) return undefined;
  return author === null ? "not committed yet" : `by ${author.name} on ${author.date}`;
}
