/**
 * Builds dist/mig-deno, an executable with Deno's runtime inside: `deno compile`, and nothing else. It is larger and starts
 * slower than the one of `deno task build`, and may do no more than the permissions of `deno task mig`.
 *
 *     deno task compile [--output PATH]
 *
 * The runtime is a program of its own, denort, which Deno downloads from its site; DENORT_BIN names one that is there.
 */

import { parseArgs } from "@std/cli/parse-args";
import { ensureDir } from "@std/fs";

/** What keeps it from being built, in words for whoever wants to build it. */
class CompileError extends Error {
  override readonly name = "CompileError";
}

if (import.meta.main) {
  const suffix = Deno.build.os === "windows" ? ".exe" : "";
  const { output = `dist/mig-deno${suffix}` } = parseArgs(Deno.args, { string: ["output"] }) as {
    readonly output?: string;
  };
  try {
    await compile(output);
    console.log(`${output} is built`);
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    console.error(`error: ${error.message}`);
    Deno.exit(1);
  }
}

/** The arguments for Deno. PGlite's files need no --include: they are in its package, which goes in as a whole. */
export async function compileArgs(output: string): Promise<string[]> {
  const { tasks } = JSON.parse(await Deno.readTextFile("deno.json"));
  const permissions = (tasks.mig.command as string).match(/--no-prompt|--allow-\S+/g)!;
  // The lockfile knows also what only the tests need.
  return [
    "compile",
    "--quiet",
    "--no-check",
    "--exclude-unused-npm",
    ...permissions,
    `--output=${output}`,
    "main.ts",
  ];
}

async function compile(output: string): Promise<void> {
  const denort = Deno.env.get("DENORT_BIN") || null;
  // Deno takes an empty one for a path.
  if (denort === null) Deno.env.delete("DENORT_BIN");
  if (denort !== null && !await isFile(denort)) {
    throw new CompileError(`DENORT_BIN is ${denort}, and there is no such file`);
  }
  await ensureDir(output.replace(/[^/\\]*$/, "") || ".");
  const work = `${output}.${Deno.pid}${output.endsWith(".exe") ? ".exe" : ""}`;
  try {
    const { success, stderr } = await run(Deno.execPath(), await compileArgs(work));
    if (!success && denort === null && /\bdenort-/.test(stderr)) throw cannotDownload(stderr);
    if (!success) throw new CompileError(`deno compile failed:\n${stderr.trimEnd()}`);
    await assertIsMig(work, denort);
    // In one step, since somebody may be running the one that is there.
    await Deno.rename(work, output);
  } finally {
    await Deno.remove(work).catch(() => {});
  }
}

function cannotDownload(stderr: string): CompileError {
  const [url] = /https?:\/\/\S+\/denort-[^\s()]*/.exec(stderr) ?? [""];
  return new CompileError([
    "cannot download denort, the runtime that goes into the executable",
    `  --> ${url}`,
    `hint: fetch that file where it can be reached, unpack it, and set DENORT_BIN to the program in it`,
    "hint: or run `deno task build`, which needs nothing but npm's packages",
  ].join("\n"));
}

/** Any program can be given as DENORT_BIN, and Deno asks no questions. */
async function assertIsMig(path: string, denort: string | null): Promise<void> {
  const { stdout } = await run(await Deno.realPath(path), ["--version"])
    .catch((error: Error) => ({ stdout: error.message }));
  if (/^mig \d/.test(stdout)) return;
  throw new CompileError(
    `what was compiled is not mig: asked for its version, it says "${stdout.split("\n")[0]}"\n` +
      (denort === null
        ? ""
        : `hint: DENORT_BIN has to be the denort of Deno ${Deno.version.deno}; it is ${denort}`),
  );
}

async function run(program: string, args: readonly string[]) {
  const { success, stdout, stderr } = await new Deno.Command(program, { args: [...args], stdin: "null" })
    .output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { success, stdout: out!, stderr: err! };
}

async function isFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then(({ isFile }) => isFile, () => false);
}
