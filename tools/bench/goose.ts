/** goose, where it is on the PATH. */

import { ensureDir } from "@std/fs";
import { type CommandLine, type Contestant, type Task, urlOf, versionOf } from "./contestant.ts";
import { asFile, type Revision } from "./workload.ts";

const ARGS: Readonly<Record<Task, readonly string[]>> = {
  up: ["up"],
  status: ["status"],
  "no-op up": ["up"],
  down: ["down-to", "0"],
};

/** goose as a contestant. */
export async function goose(program: string): Promise<Contestant> {
  return {
    name: "goose",
    kind: "peer",
    version: await versionOf(program, ["-version"]),
    oneTransaction: false,
    start: { program, args: ["-version"] },
    async write(folder: string, chain: readonly Revision[]): Promise<void> {
      await ensureDir(`${folder}/migrations`);
      for (const { stamp, up, down } of chain) {
        await Deno.writeTextFile(
          `${folder}/migrations/${stamp}_item.sql`,
          `-- +goose Up\n${asFile(up)}\n-- +goose Down\n${asFile(down)}`,
        );
      }
    },
    command: (task, database): CommandLine => ({
      program,
      args: ["-dir", "migrations", "postgres", urlOf(database), ...ARGS[task]],
    }),
  };
}
