/** Writes SQL files that are too large to be kept in memory, for tests. */

/** Writes a file of lines. */
export async function writeLines(
  path: string,
  lines: { readonly head: string; readonly line: (n: number) => string; readonly tail?: string },
  bytes: number,
): Promise<number> {
  using file = await Deno.open(path, { write: true, create: true, truncate: true });
  const writer = file.writable.getWriter();
  const write = (text: string) => writer.write(new TextEncoder().encode(text));
  await write(lines.head);
  let count = 0;
  for (let written = 0; written < bytes;) {
    const block = Array.from({ length: 5000 }, () => lines.line(++count)).join("");
    await write(block);
    written += block.length;
  }
  await write(lines.tail ?? "");
  await writer.close();
  return count;
}

/** COPY data for a table `big (id bigint, note text)`, as pg_dump writes it. */
export const COPY_LINES = {
  head: "create table big (id bigint, note text);\nCOPY public.big (id, note) FROM stdin;\n",
  line: (n: number) =>
    `${n}\tsome text with \\\\ a tab \\t and 😀, long enough to be like what people have, ${n}\n`,
  tail: "\\.\n",
} as const;

/** The same rows as statements. */
export const INSERT_LINES = {
  head: "create table big (id bigint, note text);\n",
  line: (n: number) =>
    `INSERT INTO public.big VALUES (${n}, 'some; text with ''quotes'' and 😀, long enough to be like real, ${n}');\n`,
} as const;

/** The same rows in one statement. */
export const VALUES_LINES = {
  head: "create table big (id bigint, note text);\nINSERT INTO public.big VALUES\n",
  line: (n: number) => `  (${n}, 'some; text with ''quotes'' and 😀, long enough to be like real, ${n}'),\n`,
  tail: "  (0, 'the last');\n",
} as const;
