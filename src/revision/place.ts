/** Finds places in the text of a meta.json, for errors. */

import type { SourceLocation } from "../error.ts";
import type { Revision } from "./revision.ts";

/**
 * Where a revision's meta.json names something.
 * @param key the key that does it, e.g. `parent`
 * @param value which of the strings under that key; without one, or where it is not found, the key itself
 * @param note what is at this place
 */
export function placeOf(revision: Revision, key: string, value?: string, note?: string): SourceLocation {
  const path = metadataPath(revision.path);
  const text = revision.metadata;
  const found = text === undefined ? undefined : findString(text, key, value);
  return text === undefined || found === undefined ? { path, note } : placeAt(text, found, path, note);
}

/** Where the meta.json of a revision's folder is. */
export function metadataPath(folder: string): string {
  return `${folder}/meta.json`;
}

/** A span of a text as line, column, excerpt and length, in code points. */
export function placeAt(
  text: string,
  span: { readonly offset: number; readonly length: number },
  path: string,
  note?: string,
): SourceLocation {
  const lineStart = text.lastIndexOf("\n", span.offset - 1) + 1;
  const newline = text.indexOf("\n", span.offset);
  const lineEnd = newline === -1 ? text.length : newline;
  const end = Math.min(span.offset + span.length, lineEnd);
  return {
    path,
    line: text.slice(0, lineStart).split("\n").length,
    column: codePoints(text.slice(lineStart, span.offset).replace("\uFEFF", "")) + 1,
    excerpt: text.slice(lineStart, lineEnd).replace(/\r$/, "").replace("\uFEFF", ""),
    length: Math.max(1, codePoints(text.slice(span.offset, end))),
    note,
  };
}

/** How many keys a JSON text writes, equal ones counted each time. */
export function keysWritten(json: string): number {
  let count = 0;
  for (const match of json.matchAll(STRING)) if (match[2] !== undefined) count++;
  return count;
}

/** A string of a valid JSON text, and the colon that makes it a key. */
const STRING = /("(?:[^"\\]|\\.)*")(\s*:)?/g;

function findString(
  text: string,
  key: string,
  value?: string,
): { offset: number; length: number } | undefined {
  let current: string | undefined;
  let ofKey: { offset: number; length: number } | undefined;
  for (const match of text.matchAll(STRING)) {
    const string = JSON.parse(match[1]!) as string;
    const span = { offset: match.index, length: match[1]!.length };
    if (match[2] !== undefined) {
      current = string;
      if (string === key) ofKey = span;
    } else if (current === key && string.toLowerCase() === value) return span;
  }
  return ofKey;
}

function codePoints(text: string): number {
  return [...text].length;
}
