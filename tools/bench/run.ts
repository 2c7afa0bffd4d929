/** Runs command lines: how long they took, what they said when they failed, how much memory they had. */

import type { CommandLine } from "./contestant.ts";

/** What came of a command line. */
export interface Outcome {
  /** Milliseconds from the start of the process to its end. */
  readonly ms: number;
  /** Why it counts as failed; null when it did what it should. */
  readonly failed: string | null;
  /** Peak of the resident memory in KiB; null where it was not asked for or cannot be known. */
  readonly peakKib: number | null;
}

export interface RunOptions {
  readonly cwd: string;
  /** Milliseconds after which it is killed. */
  readonly limitMs: number;
  readonly memory?: boolean;
}

/** Runs a command line as often as it says, in an environment with nothing else in it. */
export async function run(command: CommandLine, options: RunOptions): Promise<Outcome> {
  const started = performance.now();
  let peakKib: number | null = null;
  for (let count = 0; count < (command.times ?? 1); count++) {
    const left = options.limitMs - (performance.now() - started);
    const outcome = await runOnce(command, { ...options, limitMs: left });
    peakKib = outcome.peakKib === null ? peakKib : Math.max(outcome.peakKib, peakKib ?? 0);
    if (outcome.failed !== null) return { ms: performance.now() - started, failed: outcome.failed, peakKib };
  }
  return { ms: performance.now() - started, failed: null, peakKib };
}

async function runOnce(command: CommandLine, { cwd, limitMs, memory }: RunOptions): Promise<Outcome> {
  const started = performance.now();
  const child = new Deno.Command(command.program, {
    args: [...command.args],
    cwd,
    clearEnv: Deno.build.os !== "windows",
    env: { PATH: Deno.env.get("PATH") ?? "", HOME: cwd, TZ: "UTC", ...command.env },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let late = false;
  const limit = setTimeout(() => {
    late = true;
    child.kill("SIGKILL");
  }, Math.max(limitMs, 0));
  const peak = memory ? watchMemory(child) : null;
  const { success, code, stderr } = await child.output();
  const ms = performance.now() - started;
  clearTimeout(limit);
  const failed = late ? `took more than the limit` : success ? null : reason(code, stderr);
  return { ms, failed, peakKib: peak?.() ?? null };
}

/** What tells most: the words behind the first "error:", or the last line. */
function reason(code: number, stderr: Uint8Array): string {
  const lines = new TextDecoder().decode(stderr).split("\n").map((line) => line.trim()).filter(Boolean);
  const words = lines.map((line) => line.match(/error:\s*(\S.*)/i)?.[1]).find((text) => text !== undefined);
  return (words ?? lines.at(-1) ?? `ended with ${code}`).slice(0, 200);
}

/**
 * Looks at the high-water mark of a process while it lives; the kernel keeps the mark, so that only the last
 * milliseconds can be missed. Linux only.
 *
 * @returns what ends the watch and gives the peak in KiB
 */
function watchMemory(child: Deno.ChildProcess): () => number | null {
  let peak: number | null = null;
  const look = () => {
    try {
      const status = Deno.readTextFileSync(`/proc/${child.pid}/status`);
      const mark = status.match(/VmHWM:\s+(\d+) kB/)?.[1];
      if (mark !== undefined) peak = Math.max(Number(mark), peak ?? 0);
    } catch {
      // It has ended, or there is no /proc.
    }
  };
  look();
  const timer = setInterval(look, 2);
  return () => {
    clearInterval(timer);
    return peak;
  };
}
