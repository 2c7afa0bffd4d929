/**
 * Builds what people download into dist/release: an archive for each platform, the installers, and the checksums of all.
 *
 *     deno task release [--target NAME …]
 *
 * The targets are in tools/build/target.ts; without one, all are built. The same sources give the same bytes with the same
 * Deno, on every machine of one kind: so anybody can check a release.
 */

import { resolve } from "node:path";
import { parseArgs } from "@std/cli/parse-args";
import { emptyDir } from "@std/fs";
import { build } from "./build.ts";
import { type Target, targetNamed, TARGETS } from "./build/target.ts";
import { archiveName, packArchive } from "./release/archive.ts";
import { CHECKSUMS, checksumsOf } from "./release/checksums.ts";

const OUTPUT = "dist/release";
const INSTALLERS = ["install.sh", "install.ps1"];

if (import.meta.main) await main(Deno.args);

async function main(args: readonly string[]): Promise<void> {
  const unknown = (arg: string) => {
    throw new Error(`there is no argument ${arg}; there is --target NAME`);
  };
  const flags = parseArgs([...args], { string: ["target"], collect: ["target"], unknown });
  const names = flags.target as string[];
  const targets = names.length === 0 ? TARGETS : names.map(targetNamed);
  // The bundle tells in comments where packages lie, seen from here: so that it tells the same wherever it is made, here.
  Deno.env.set("DENO_DIR", resolve("dist/.cache/deno"));
  await emptyDir(OUTPUT);
  for (const target of targets) {
    const name = await release(target);
    const { size } = await Deno.stat(`${OUTPUT}/${name}`);
    console.log(`${OUTPUT}/${name}  ${(size / 1e6).toFixed(1)} MB`);
  }
  for (const name of INSTALLERS) await Deno.copyFile(name, `${OUTPUT}/${name}`);
  const files = [...new Set(targets.map(archiveName)), ...INSTALLERS];
  await Deno.writeTextFile(`${OUTPUT}/${CHECKSUMS}`, await checksumsOf(OUTPUT, files));
  console.log(`${OUTPUT}/${CHECKSUMS}`);
}

/** Builds and packs for one platform, and gives the archive's name. */
async function release(target: Target): Promise<string> {
  const work = `dist/.release/${target.name}`;
  await emptyDir(work);
  try {
    const executable = `${work}/mig${target.suffix}`;
    await build(target, executable, true);
    const packed = packArchive(target, await Deno.readFile(executable), await Deno.readFile("LICENSE"));
    await Deno.writeFile(`${OUTPUT}/${archiveName(target)}`, packed);
  } finally {
    await Deno.remove(work, { recursive: true });
  }
  return archiveName(target);
}
