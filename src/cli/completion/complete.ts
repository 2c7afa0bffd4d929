/**
 * What the shells' scripts call when Tab is pressed:
 *
 *     mig __complete --word=WHAT_IS_TYPED WORD_BEFORE…
 *
 * It prints a line for each value, with a tab before what it means; `:files` or `:folders` where the shell is to complete
 * paths by itself. Somebody is typing meanwhile: it looks at files only, and says nothing where something is wrong.
 */

import { printable } from "../../render/style.ts";
import type { Console } from "../console.ts";
import { candidatesFor } from "./candidates.ts";
import { readRequest } from "./request.ts";

const WORD = "--word=";

/** Prints what can stand in place of the word. Never throws. */
export async function complete(args: readonly string[], console: Console): Promise<void> {
  const [word = "", ...before] = args;
  if (!word.startsWith(WORD)) return;
  try {
    const request = await readRequest(before, word.slice(WORD.length));
    if (request.kind === "files" || request.kind === "folders") return console.answer(`:${request.kind}`);
    const candidates = await candidatesFor(request);
    if (candidates.length === 0) return;
    console.answer(
      candidates.map(({ value, meaning = "" }) => {
        const line = meaning === "" ? value : `${value}\t${oneLine(meaning)}`;
        return `${request.kept}${line}`;
      }).join("\n"),
    );
  } catch {
    // The command itself will say what is wrong when it is run.
  }
}

function oneLine(text: string): string {
  return printable(text.replaceAll(/\s+/g, " "));
}
