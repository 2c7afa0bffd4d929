/** The cases of corpus/*.sql. Each begins with a line `--# name | number of statements`. */

export interface CorpusCase {
  readonly name: string;
  readonly text: string;
  readonly statements: number;
}

/** Reads all cases, with the line ending that is asked for. */
export function corpusCases(lineEnding: "\n" | "\r\n" | "\r" = "\n"): CorpusCase[] {
  const folder = new URL("./corpus/", import.meta.url);
  const files = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  return files.flatMap((file) => {
    // A checkout on Windows may have other line endings.
    const text = Deno.readTextFileSync(new URL(file, folder)).replaceAll("\r\n", "\n");
    return text.split(/^--# /m).slice(1).map((part) => {
      const end = part.indexOf("\n");
      const [name, count] = part.slice(0, end).split(" | ");
      return {
        name: `${file}: ${name}`,
        statements: Number(count),
        text: part.slice(end + 1).replaceAll("\n", lineEnding),
      };
    });
  });
}
