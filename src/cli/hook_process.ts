/** Runs the command line of a hook. */

import { spawn } from "node:child_process";
import process from "node:process";
import type { OnEvent } from "../engine/event.ts";
import type { HookName } from "../engine/hook.ts";
import { MigError } from "../error.ts";

/** How many of the last lines that it printed are kept for the error. */
const KEPT_LINES = 20;

/**
 * Runs a command line by way of the shell in a folder; what it prints is narration.
 *
 * @throws {MigError} `hook-failed` with its exit code and its last lines, `interrupted` on `signal`
 */
export async function runHookCommand(
  { name, command, folder, variables }: {
    readonly name: HookName;
    readonly command: string;
    readonly folder: string;
    readonly variables: Readonly<Record<string, string | undefined>>;
  },
  onEvent: OnEvent,
  signal: AbortSignal,
): Promise<void> {
  const output: string[] = [];
  const onLine = (line: string) => {
    output.push(line);
    if (output.length > KEPT_LINES) output.shift();
    onEvent({ type: "hook-output", hook: name, line });
  };
  const failed = (how: string, data: Record<string, unknown>, cause?: unknown) =>
    new MigError("hook-failed", `the hook ${name} ${how}: ${command}`, {
      data: { hook: name, command, ...data, output },
      cause,
    });
  const end = await ended(command, folder, variables, onLine, signal).catch((cause) => {
    throw failed(`cannot be started (${cause instanceof Error ? cause.message : cause})`, {}, cause);
  });
  if (signal.aborted) {
    throw new MigError("interrupted", `stopped by you while the hook ${name} ran: ${command}`);
  }
  // The codes of a POSIX shell, and of cmd.exe.
  const missing = end.code === 127 || end.code === 9009 ? ", a command was not found" : "";
  if (end.signal !== null) throw failed(`was ended by ${end.signal}`, { signal: end.signal });
  if (end.code !== 0) throw failed(`failed, exit code ${end.code}${missing}`, { exitCode: end.code });
}

interface End {
  readonly code: number | null;
  readonly signal: string | null;
}

function ended(
  command: string,
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<End> {
  const windows = process.platform === "win32";
  return new Promise((resolve, reject) => {
    const child = windows
      ? spawn(command, [], { cwd, env, stdio: ["ignore", "pipe", "pipe"], shell: true })
      : spawn("sh", ["-c", command], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const lines = [child.stdout!, child.stderr!].map((stream) => {
      const splitter = new LineSplitter(onLine);
      stream.on("data", (bytes: Uint8Array) => splitter.push(bytes));
      return splitter;
    });
    const stop = () => {
      child.kill("SIGTERM");
      // It has ended, and what it left behind in the background has the pipes.
      if (child.exitCode !== null) finish({ code: child.exitCode, signal: null });
    };
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    const finish = (end: End) => {
      signal.removeEventListener("abort", stop);
      lines.forEach((splitter) => splitter.end());
      resolve(end);
    };
    child.on("error", reject);
    child.on("close", (code, signal) => finish({ code, signal }));
    // What the shell has started may go on, with the pipes in its hands; nobody waits for that who asked to stop.
    child.on("exit", (code, ending) => signal.aborted && finish({ code, signal: ending }));
  });
}

/** Puts lines together from pieces of a stream. */
class LineSplitter {
  readonly #decoder = new TextDecoder();
  readonly #onLine: (line: string) => void;
  #rest = "";

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(bytes: Uint8Array): void {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split(/\r?\n/);
    this.#rest = lines.pop()!;
    lines.forEach(this.#onLine);
  }

  end(): void {
    if (this.#rest !== "") this.#onLine(this.#rest);
    this.#rest = "";
  }
}
