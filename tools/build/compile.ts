/** JavaScript and Bun's runtime as one executable. */

import { basename, dirname, resolve } from "node:path";
import { ensureDir } from "@std/fs";
import { isSignatureValid, signAdHoc } from "./macho.ts";
import { bunExecutable, embeddableRuntime } from "./runtime.ts";
import { hostTarget, type Target } from "./target.ts";

/**
 * Compiles a bundle for a platform.
 *
 * @throws {Error} when Bun cannot
 */
export async function compileExecutable(
  entry: string,
  target: Target,
  output: string,
  cache: string,
): Promise<void> {
  const work = resolve(`${output}.${Deno.pid}`);
  // Bun writes into the executable what this is called, and where from its own folder the sources are: the same each time.
  const made = `${work}/mig${target.suffix}`;
  await ensureDir(work);
  try {
    const { success, stdout, stderr } = await new Deno.Command(await bunExecutable(hostTarget()), {
      args: [
        "build",
        "--compile",
        "--bytecode",
        "--format=esm",
        "--splitting",
        // pg_dump's package finds its WebAssembly under its own name alone.
        "--asset-naming=[name].[ext]",
        // Most runs are over before it pays to compile their code; src/cli/compilers.ts sets it back in those that are not.
        "--compile-jit-policy=100",
        // Small chunks are loaded together, since each takes a moment to be found.
        "--min-chunk-size=16384",
        "--no-compile-autoload-dotenv",
        "--no-compile-autoload-bunfig",
        `--target=${target.bun}`,
        `--compile-executable-path=${resolve(await embeddableRuntime(target, cache))}`,
        `--outfile=${made}`,
        `./${basename(entry)}`,
      ],
      cwd: dirname(entry),
      env: { BUN_OPTIONS: "", BUN_BE_BUN: "" },
    }).output();
    if (!success) {
      const said = new TextDecoder().decode(stderr) + new TextDecoder().decode(stdout);
      throw new Error(`Bun cannot compile ${entry} for ${target.name}:\n${said}`);
    }
    if (target.bun.startsWith("bun-darwin")) await sign(made);
    // In one step, since somebody may be running the one that is there.
    await Deno.rename(made, output);
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

/** Signs an executable for macOS, unless Bun has. */
async function sign(path: string): Promise<void> {
  const bytes = await Deno.readFile(path);
  if (isSignatureValid(bytes)) return;
  const signed = signAdHoc(bytes, "mig");
  if (!isSignatureValid(signed)) throw new Error(`the signature of ${path} is not valid`);
  await Deno.writeFile(path, signed);
}
