/** dbmate: the Go program itself, without the script that npm puts before it. */

import { ensureDir } from "@std/fs";
import { type CommandLine, type Contestant, type Task, urlOf, versionOf } from "./contestant.ts";
import { asFile, type Revision } from "./workload.ts";

/** dbmate as a contestant, from the folder node_modules. */
export async function dbmate(modules: string): Promise<Contestant> {
  const program = await findProgram(modules);
  return {
    name: "dbmate",
    kind: "peer",
    version: await versionOf(program, ["--version"]),
    oneTransaction: false,
    start: { program, args: ["--version"] },
    write: writeMigrations,
    command: (task, database, n): CommandLine => ({
      program,
      // Not asking pg_dump for the schema after each run, and not asking whether the database exists, as `up` does, is
      // dbmate at its fastest.
      args: ["--no-dump-schema", ARGS[task]],
      env: { DATABASE_URL: urlOf(database) },
      times: task === "down" ? n : 1,
    }),
  };
}

const ARGS: Readonly<Record<Task, string>> = {
  up: "migrate",
  status: "status",
  "no-op up": "migrate",
  down: "rollback",
};

async function findProgram(modules: string): Promise<string> {
  for await (const { name } of Deno.readDir(`${modules}/@dbmate`)) {
    const folder = `${modules}/@dbmate/${name}/bin`;
    for (const file of ["dbmate", "dbmate.exe"]) {
      if (await Deno.stat(`${folder}/${file}`).then(() => true, () => false)) return `${folder}/${file}`;
    }
  }
  throw new Error(`there is no dbmate for this machine in ${modules}/@dbmate`);
}

async function writeMigrations(folder: string, chain: readonly Revision[]): Promise<void> {
  await ensureDir(`${folder}/db/migrations`);
  for (const { stamp, up, down } of chain) {
    await Deno.writeTextFile(
      `${folder}/db/migrations/${stamp}_item.sql`,
      `-- migrate:up\n${asFile(up)}\n-- migrate:down\n${asFile(down)}`,
    );
  }
}
