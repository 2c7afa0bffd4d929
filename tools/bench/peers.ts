/** The peers that npm carries as real programs, installed into a folder of the bench's own. */

import { ensureDir } from "@std/fs";
import { ROOT } from "../../tests/support/mig.ts";
import { onPath } from "./contestant.ts";

/** pg is the driver that node-pg-migrate leaves to its user. */
export const PEERS = {
  dbmate: "2.36.0",
  "graphile-migrate": "1.4.1",
  "node-pg-migrate": "9.0.0",
  pg: "8.23.1",
} as const;

const FOLDER = `${ROOT}dist/.cache/bench`;

/** Installs them unless they are there, without their install scripts; gives the folder node_modules. */
export async function installPeers(): Promise<string> {
  const wanted = JSON.stringify({ private: true, dependencies: PEERS });
  const modules = `${FOLDER}/node_modules`;
  const stamp = `${FOLDER}/installed.json`;
  if (await Deno.readTextFile(stamp).catch(() => "") === wanted) return modules;
  const npm = await onPath(Deno.build.os === "windows" ? "npm.cmd" : "npm");
  if (npm === null) throw new Error("the peers are installed by npm, and there is no npm on the PATH");
  await ensureDir(FOLDER);
  await Deno.writeTextFile(`${FOLDER}/package.json`, wanted);
  const { success, stderr } = await new Deno.Command(npm, {
    args: ["install", "--ignore-scripts", "--no-audit", "--no-fund"],
    cwd: FOLDER,
    stdin: "null",
  }).output();
  if (!success) throw new Error(`npm cannot install the peers: ${new TextDecoder().decode(stderr)}`);
  await Deno.writeTextFile(stamp, wanted);
  return modules;
}
