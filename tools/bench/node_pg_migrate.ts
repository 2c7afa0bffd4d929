/** node-pg-migrate, by Node.js; a run of it is one transaction unless told otherwise. */

import { ensureDir } from "@std/fs";
import { type CommandLine, type Contestant, urlOf } from "./contestant.ts";
import { PEERS } from "./peers.ts";
import { asFile, type Revision } from "./workload.ts";

/** node-pg-migrate as a contestant, from the folder node_modules. */
export function nodePgMigrate(modules: string, node: string): Contestant {
  const script = `${modules}/node-pg-migrate/bin/node-pg-migrate.js`;
  return {
    name: "node-pg-migrate",
    kind: "peer",
    version: PEERS["node-pg-migrate"],
    oneTransaction: true,
    start: { program: node, args: [script, "--version"] },
    async write(folder: string, chain: readonly Revision[]): Promise<void> {
      await ensureDir(`${folder}/migrations`);
      for (const { number, up, down } of chain) {
        // It takes the part before the first underscore for a time in milliseconds, of thirteen digits.
        await Deno.writeTextFile(
          `${folder}/migrations/${1_700_000_000_000 + number}_item.sql`,
          `-- Up Migration\n${asFile(up)}\n-- Down Migration\n${asFile(down)}`,
        );
      }
    },
    command(task, database, n): CommandLine | null {
      // It has no command that shows what is applied.
      if (task === "status") return null;
      const args = task === "down" ? ["down", String(n)] : ["up"];
      // Not printing every statement is it at its fastest.
      return {
        program: node,
        args: [script, ...args, "--no-verbose"],
        env: { DATABASE_URL: urlOf(database) },
      };
    },
  };
}
