/** mig: the executable as it is built. */

import { ensureDir } from "@std/fs";
import { ROOT } from "../../tests/support/mig.ts";
import { type CommandLine, type Contestant, type Task, urlOf, versionOf } from "./contestant.ts";
import { asFile, type Revision } from "./workload.ts";

const PROGRAM = `${ROOT}dist/mig${Deno.build.os === "windows" ? ".exe" : ""}`;

const ARGS: Readonly<Record<Task, readonly string[]>> = {
  up: ["up"],
  status: ["status"],
  "no-op up": ["up"],
  down: ["down", "base"],
};

/** mig as a contestant. */
export async function mig(): Promise<Contestant> {
  return {
    name: "mig",
    kind: "mig",
    version: await versionOf(PROGRAM, ["--version"]),
    oneTransaction: false,
    start: { program: PROGRAM, args: ["--version"] },
    write: writeRevisions,
    command: (task, database): CommandLine => ({
      program: PROGRAM,
      args: ARGS[task],
      env: { DATABASE_URL: urlOf(database) },
    }),
  };
}

async function writeRevisions(folder: string, chain: readonly Revision[]): Promise<void> {
  await Deno.writeTextFile(`${folder}/mig.json`, '{ "migrations": "migrations" }\n');
  for (const { number, message, up, down } of chain) {
    const path = `${folder}/migrations/20260101T0000_${idOf(number)}_item`;
    await ensureDir(path);
    const parent = number === 1 ? null : idOf(number - 1);
    await Deno.writeTextFile(`${path}/meta.json`, JSON.stringify({ id: idOf(number), parent, message }));
    await Deno.writeTextFile(`${path}/up.sql`, asFile(up));
    await Deno.writeTextFile(`${path}/down.sql`, asFile(down));
  }
}

/** Ids look random, as those that mig makes: reading them in the order of the chain would be a favour. */
function idOf(number: number): string {
  // An odd factor keeps them different.
  return (Math.imul(number, 0x9e3779b1) >>> 0).toString(16).padStart(8, "0");
}
