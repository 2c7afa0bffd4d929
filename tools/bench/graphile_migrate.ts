/** graphile-migrate, by Node.js; it goes only up, and its files are chained by their hashes. */

import { createHash } from "node:crypto";
import { ensureDir } from "@std/fs";
import { type CommandLine, type Contestant, urlOf } from "./contestant.ts";
import { PEERS } from "./peers.ts";
import { asFile, type Revision } from "./workload.ts";

/** graphile-migrate as a contestant, from the folder node_modules. */
export function graphileMigrate(modules: string, node: string): Contestant {
  const script = `${modules}/graphile-migrate/dist/cli.js`;
  return {
    name: "graphile-migrate",
    kind: "peer",
    version: PEERS["graphile-migrate"],
    oneTransaction: false,
    start: { program: node, args: [script, "--version"] },
    write: writeCommitted,
    command(task, database): CommandLine | null {
      if (task === "down") return null;
      return {
        program: node,
        args: [script, task === "status" ? "status" : "migrate"],
        // It wants to know of other databases, to which it does not connect here.
        env: {
          DATABASE_URL: urlOf(database),
          SHADOW_DATABASE_URL: urlOf({ ...database, name: "shadow" }),
          ROOT_DATABASE_URL: urlOf({ ...database, name: "postgres" }),
        },
      };
    },
  };
}

async function writeCommitted(folder: string, chain: readonly Revision[]): Promise<void> {
  await ensureDir(`${folder}/migrations/committed`);
  await Deno.writeTextFile(`${folder}/.gmrc`, "{}\n");
  await Deno.writeTextFile(`${folder}/migrations/current.sql`, "");
  let previous: string | null = null;
  for (const { number, up } of chain) {
    const body = asFile(up).trim();
    const hash = hashOf(body, previous);
    await Deno.writeTextFile(
      `${folder}/migrations/committed/${String(number).padStart(6, "0")}.sql`,
      `--! Previous: ${previous ?? "-"}\n--! Hash: ${hash}\n\n${body}\n`,
    );
    previous = hash;
  }
}

/** Its own sum: over the text with the hash of the file before it. */
function hashOf(body: string, previous: string | null): string {
  return `sha1:${createHash("sha1").update(`${`${previous ?? ""}\n${body}`.trim()}\n`).digest("hex")}`;
}
