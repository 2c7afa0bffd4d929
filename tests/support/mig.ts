/** Runs mig as a user does: the built executable, or `deno run main.ts`, in an environment with nothing else in it. */

import { fromFileUrl } from "./paths.ts";

/** The repository's folder. */
export const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** How mig is started. */
export type Runner = "binary" | "deno";

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly via?: Runner;
  /** The flags of \`deno run\`, for via "deno"; by default it may do everything. */
  readonly permissions?: readonly string[];
}

export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run that goes on. */
export interface RunningMig {
  readonly process: Deno.ChildProcess;
  /** Waits for its end. */
  readonly result: Promise<RunResult>;
}

/** Runs mig to its end. */
export async function mig(args: readonly string[], options: RunOptions): Promise<RunResult> {
  return await startMig(args, options).result;
}

/** Starts mig, for tests that interfere. */
export function startMig(args: readonly string[], options: RunOptions): RunningMig {
  const { cwd, env, via = "binary", permissions = ["-A"] } = options;
  const windows = Deno.build.os === "windows";
  const [program, before]: [string, string[]] = via === "binary"
    ? [`${ROOT}dist/mig${windows ? ".exe" : ""}`, []]
    : [Deno.execPath(), ["run", "--quiet", ...permissions, `--config=${ROOT}deno.json`, `${ROOT}main.ts`]];
  const process = new Deno.Command(program, {
    args: [...before, ...args],
    cwd,
    clearEnv: !windows,
    env: {
      PATH: Deno.env.get("PATH") ?? "",
      HOME: cwd,
      // Deno's cache must be found, and nothing else of the home folder.
      ...(via === "deno" ? { DENO_DIR: denoDir() } : {}),
      XDG_CACHE_HOME: `${Deno.env.get("TMPDIR") ?? "/tmp"}/mig-test-xdg`,
      ...env,
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const result = process.output().then(({ code, stdout, stderr }) => ({
    code,
    stdout: new TextDecoder().decode(stdout),
    stderr: new TextDecoder().decode(stderr),
  }));
  return { process, result };
}

/** Runs a line of bash, with the executable on the PATH. */
export async function shell(line: string, { cwd, env }: RunOptions): Promise<RunResult> {
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-c", line],
    cwd,
    clearEnv: true,
    env: { PATH: `${ROOT}dist:/usr/bin:/bin`, HOME: cwd, TERM: "xterm", ...env },
    stdin: "null",
  }).output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

function denoDir(): string {
  return Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`;
}
