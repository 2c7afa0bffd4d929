/**
 * Builds the executable.
 *
 *     deno task build [--target NAME] [--output PATH] [--force]
 *
 * The targets are in tools/build/target.ts; without one it is built for this machine, as dist/mig.
 */

import { parseArgs } from "@std/cli/parse-args";
import { ensureDir, walk } from "@std/fs";
import { bundle } from "./build/bundle.ts";
import { compileExecutable } from "./build/compile.ts";
import { hostTarget, type Target, targetNamed } from "./build/target.ts";

const CACHE = "dist/.cache";

if (import.meta.main) await main(Deno.args);

async function main(args: readonly string[]): Promise<void> {
  const flags = parseArgs([...args], { string: ["target", "output"], boolean: ["force"] });
  const target = flags.target ? targetNamed(flags.target as string) : hostTarget();
  const output = flags.output ? flags.output as string : `dist/mig${target.suffix}`;
  const made = await build(target, output, flags.force === true);
  console.log(`${output} ${made ? "is built" : "is up to date"}`);
}

/**
 * Builds the executable for a target, unless it is there and nothing has changed since.
 *
 * @returns false when there was nothing to do
 */
export async function build(target: Target, output: string, force = false): Promise<boolean> {
  const stamp = `${output}.stamp`;
  const state = await stateOfSources(target);
  if (!force && await isThere(output) && await Deno.readTextFile(stamp).catch(() => "") === state) {
    return false;
  }
  await ensureDir(CACHE);
  const folder = `dist/.build/${target.name}-${Deno.pid}`;
  try {
    await compileExecutable(await bundle(folder, CACHE), target, output, CACHE);
  } finally {
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
  await Deno.writeTextFile(stamp, state);
  return true;
}

/** A hash over everything that goes into the executable. */
async function stateOfSources(target: Target): Promise<string> {
  const paths = ["main.ts", "deno.json", "deno.lock", "tools/build.ts"];
  for (const folder of ["src", "tools/build", "tools/offline"]) {
    for await (const { path } of walk(folder, { includeDirs: false, exts: [".ts"] })) paths.push(path);
  }
  const texts = await Promise.all(
    paths.sort().map(async (path) => `${path}\n${await Deno.readTextFile(path)}`),
  );
  const bytes = new TextEncoder().encode([target.name, ...texts].join("\0"));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return hash.toHex();
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
