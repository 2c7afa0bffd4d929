/** Standard output and standard error: the answer goes to one, the narration to the other. */

import { fstatSync, statSync, writeSync } from "node:fs";
import process from "node:process";
import { MigError } from "../error.ts";
import { type Style, styleFor } from "../render/style.ts";

/** Where mig writes. */
export interface Console {
  /** Writes a line of the answer to standard output. */
  answer(text: string): void;
  /** Writes a line of narration, or an error, to standard error. */
  tell(text: string): void;
  /** Writes to standard error as it is, for what is overwritten again. */
  draw(text: string): void;
  readonly answerStyle: Style;
  readonly tellStyle: Style;
  /** Whether standard error is a terminal which can overwrite a line. */
  readonly live: boolean;
  /** Columns of that terminal. */
  readonly width: number;
}

/** The console of this process. NO_COLOR (no-color.org) and TERM=dumb are respected. */
export function systemConsole(env: Readonly<Record<string, string | undefined>>): Console {
  const plain = !!env.NO_COLOR || env.TERM === "dumb";
  const seen = isTerminal(2);
  return {
    answer(text) {
      const failure = write(1, text + "\n");
      if (failure !== null) throw cannotAnswer(failure);
    },
    // What a run does must not depend on whether somebody can read of it.
    tell: (text) => void write(2, text + "\n"),
    draw: (text) => void write(2, text),
    answerStyle: styleFor(!plain && isTerminal(1)),
    tellStyle: styleFor(!plain && seen),
    live: seen && env.TERM !== "dumb" && !env.CI,
    get width() {
      return process.stderr.columns || 80;
    },
  };
}

/**
 * Whether a stream is a terminal. The runtimes make an object of it to tell, which takes longer than all the rest of `mig --version`:
 * what is a file or a pipe is told without.
 */
function isTerminal(fd: 1 | 2): boolean {
  if (process.platform !== "win32" && isNone(fd)) return false;
  return (fd === 1 ? process.stdout : process.stderr).isTTY === true;
}

/** Whether it is a file, a pipe or nothing. */
function isNone(fd: 1 | 2): boolean {
  try {
    const stream = fstatSync(fd);
    return !stream.isCharacterDevice() || stream.rdev === statSync("/dev/null").rdev;
  } catch {
    // It is closed, or there is no such device, or Deno may not look at it.
    return false;
  }
}

/** Writes all of it before it returns, so that nothing is lost when the process exits; gives what kept it from that. */
function write(fd: 1 | 2, text: string): Error | null {
  let bytes: Uint8Array = new TextEncoder().encode(text);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(fd, bytes));
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === "EAGAIN") {
        // A full pipe that does not block: its reader needs a moment.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
        continue;
      }
      // Whoever read the output has gone (`mig history | head`), or there never was one.
      if (code === "EPIPE" || code === "EBADF" || code === "EIO") return null;
      return error as Error;
    }
  }
  return null;
}

function cannotAnswer(cause: Error): MigError {
  const { code } = cause as { code?: string };
  const why = code === "ENOSPC" ? "no space is left" : cause.message;
  return new MigError("file-failed", `cannot write the answer to standard output: ${why}`, {
    hint: "what the command was to do is done all the same; `mig status` shows where the database is",
    cause,
  });
}
