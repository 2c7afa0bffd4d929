/** The floors: what psql needs for the same statements, with the version rows and no questions asked. */

import { type CommandLine, type Contestant, type DatabaseAddress, onPath, versionOf } from "./contestant.ts";
import { asFile, type Revision } from "./workload.ts";

/** psql with all in one transaction, and psql with a transaction for each revision; none where there is no psql. */
export async function psqlFloors(): Promise<Contestant[]> {
  const program = await findPsql();
  if (program === null) return [];
  const version = await versionOf(program, ["--version"]);
  return [
    floor(
      "psql, a transaction each",
      program,
      version,
      false,
      (statements, record) => `begin;\n${asFile([...statements, record])}commit;\n`,
    ),
    floor("psql -1", program, version, true, (statements, record) => asFile([...statements, record])),
  ];
}

/** Debian's /usr/bin/psql is a Perl script that looks for the real one, which takes longer than many a measure here. */
async function findPsql(): Promise<string | null> {
  for (const major of [18, 17, 16, 15, 14]) {
    const path = `/usr/lib/postgresql/${major}/bin/psql`;
    if (await Deno.stat(path).then(({ isFile }) => isFile, () => false)) return path;
  }
  return await onPath("psql");
}

function floor(
  name: string,
  program: string,
  version: string,
  oneTransaction: boolean,
  revisionText: (statements: readonly string[], record: string) => string,
): Contestant {
  return {
    name,
    kind: "floor",
    version,
    oneTransaction,
    start: { program, args: ["--version"] },
    async write(folder: string, chain: readonly Revision[]): Promise<void> {
      const ups = chain.map(({ stamp, up }) => revisionText(up, `insert into version values ('${stamp}')`));
      const downs = chain.map(({ stamp, down }) =>
        revisionText(down, `delete from version where id = '${stamp}'`)
      );
      await Deno.writeTextFile(
        `${folder}/up.sql`,
        `create table version (id text primary key);\n${ups.join("")}`,
      );
      await Deno.writeTextFile(`${folder}/down.sql`, downs.reverse().join(""));
    },
    command(task, database): CommandLine | null {
      if (task !== "up" && task !== "down") return null;
      const mode = oneTransaction ? ["-1"] : [];
      return { program, args: [...connection(database), ...mode, "-f", `${task}.sql`] };
    },
  };
}

function connection({ host, port, name }: DatabaseAddress): string[] {
  return ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", host, "-p", String(port), "-U", "postgres", "-d", name];
}
