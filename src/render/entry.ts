/** What lists and drawings say of a revision, in whatever format. */

import type { HistoryEntry } from "../commands/data.ts";
import { printable } from "./style.ts";

/** Whether a revision is applied; `interrupted` is one that a no-transaction file left half done. */
export function stateOf({ applied }: HistoryEntry): "applied" | "pending" | "interrupted" {
  return applied === null ? "pending" : applied.unfinished === null ? "applied" : "interrupted";
}

/** `(billing, head, current)`; empty where there is nothing to note. */
export function notesOf({ labels, head, current, path }: HistoryEntry): string {
  const notes = [
    ...labels,
    ...(head ? ["head"] : []),
    ...(current ? ["current"] : []),
    ...(path === null ? ["not in this folder"] : []),
  ];
  return notes.length === 0 ? "" : oneLine(`(${notes.join(", ")})`);
}

/** A text in one line, whatever it holds. */
export function oneLine(text: string): string {
  return printable(text.replaceAll(/\s+/g, " ").trim());
}
