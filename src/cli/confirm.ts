/** Asks the person at the terminal. */

import process from "node:process";
import { MigError } from "../error.ts";
import type { Console } from "./console.ts";

/**
 * Shows lines and asks a question; anything but yes is no.
 *
 * @param data what a program has to know that cannot answer
 * @throws {MigError} `interrupted` when the answer is no, `usage` where no terminal is there to ask
 */
export async function confirm(
  question: string,
  lines: readonly string[],
  console: Console,
  signal: AbortSignal,
  data: MigError["data"] = {},
): Promise<void> {
  for (const line of lines) console.tell(`  ${line}`);
  if (process.stdin.isTTY !== true) {
    throw new MigError("usage", `there is no terminal to ask at: ${question}`, {
      hint: ["if what is above is what you want, run the command again with --yes", "nothing was changed"],
      data,
    });
  }
  if (meaningOf(await answerTo(`${question} [y/N] `, signal) ?? "") === true) return;
  throw new MigError("interrupted", "not confirmed", { hint: "nothing was changed" });
}

/**
 * Asks a question until it is answered: neither answer is the one that does nothing.
 *
 * @returns null where no terminal is there to ask
 * @throws {MigError} `interrupted` when there is no answer
 */
export async function ask(question: string, signal: AbortSignal): Promise<boolean | null> {
  if (process.stdin.isTTY !== true) return null;
  for (let asked = `${question} [y/n] `;; asked = "Please type y or n: ") {
    const answer = await answerTo(asked, signal);
    if (answer === null) throw new MigError("interrupted", "not answered", { hint: "nothing was changed" });
    const meant = meaningOf(answer);
    if (meant !== null) return meant;
  }
}

/** Whether it says yes or no; null for anything else. */
export function meaningOf(answer: string): boolean | null {
  return /^\s*y(es)?\s*$/i.test(answer) ? true : /^\s*no?\s*$/i.test(answer) ? false : null;
}

/** The line that was typed; null at the end of input, or on Ctrl-C. */
async function answerTo(question: string, signal: AbortSignal): Promise<string | null> {
  const { createInterface } = await import("node:readline");
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise((resolve) => {
      signal.addEventListener("abort", () => resolve(null), { once: true });
      lines.on("SIGINT", () => {
        process.stderr.write("\n");
        resolve(null);
      });
      lines.on("close", () => resolve(null));
      lines.question(question, resolve);
    });
  } finally {
    lines.close();
  }
}
