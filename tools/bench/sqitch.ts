/** Sqitch, where it is on the PATH; it runs psql for every change. */

import { ensureDir } from "@std/fs";
import { type CommandLine, type Contestant, type Task, versionOf } from "./contestant.ts";
import { asFile, type Revision } from "./workload.ts";

const ARGS: Readonly<Record<Task, readonly string[]>> = {
  up: ["deploy"],
  status: ["status"],
  "no-op up": ["deploy"],
  down: ["revert", "-y"],
};

/** Sqitch as a contestant. */
export async function sqitch(program: string): Promise<Contestant> {
  return {
    name: "sqitch",
    kind: "peer",
    version: await versionOf(program, ["--version"]),
    oneTransaction: false,
    start: { program, args: ["--version"] },
    write: writePlan,
    command: (task, { host, port, name }): CommandLine => ({
      program,
      args: [...ARGS[task], `db:pg://postgres@${host}:${port}/${name}`],
    }),
  };
}

async function writePlan(folder: string, chain: readonly Revision[]): Promise<void> {
  await Deno.writeTextFile(
    `${folder}/sqitch.conf`,
    "[core]\n\tengine = pg\n[user]\n\tname = bench\n\temail = bench@example.org\n",
  );
  const changes = chain.map(({ number, message }) =>
    `item_${number} 2026-01-01T00:00:00Z bench <bench@example.org> # ${message}\n`
  );
  await Deno.writeTextFile(
    `${folder}/sqitch.plan`,
    `%syntax-version=1.0.0\n%project=bench\n\n${changes.join("")}`,
  );
  await ensureDir(`${folder}/deploy`);
  await ensureDir(`${folder}/revert`);
  for (const { number, up, down } of chain) {
    await Deno.writeTextFile(`${folder}/deploy/item_${number}.sql`, `begin;\n${asFile(up)}commit;\n`);
    await Deno.writeTextFile(`${folder}/revert/item_${number}.sql`, `begin;\n${asFile(down)}commit;\n`);
  }
}
