/** Asks git. */

import { execFile } from "node:child_process";
import process from "node:process";

/** How git is asked. */
export interface GitOptions {
  /** How long it may take, in milliseconds. */
  readonly patienceMs: number;
  /** What it reads. */
  readonly input?: string;
  /** `latin1` has a character for each byte. */
  readonly encoding?: "utf8" | "latin1";
}

/** More than it prints of any project; 256 MB, in bytes. */
const LARGEST_OUTPUT = 256 << 20;

/** What git prints when it is run in a folder. It is rejected where there is no git or no repository, and where it takes too long. */
export function runGit(folder: string, args: readonly string[], options: GitOptions): Promise<string> {
  const { patienceMs, input, encoding = "utf8" } = options;
  const env = {
    ...process.env,
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    // A partial clone would ask its server for what is not here.
    GIT_NO_LAZY_FETCH: "1",
    // Windows looks for programs in the working folder first.
    NoDefaultCurrentDirectoryInExePath: "1",
  };
  return new Promise((resolve, reject) => {
    const child = execFile(
      "git",
      ["-C", folder, ...args],
      { env, encoding, maxBuffer: LARGEST_OUTPUT, timeout: patienceMs, windowsHide: true },
      (error, stdout) => error === null ? resolve(stdout) : reject(error),
    );
    if (input === undefined) return;
    // One that has ended already says so by its exit code.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}
