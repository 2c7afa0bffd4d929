/** What differs between two texts, as people read it. */

import { sizeText } from "../revision/large_text.ts";
import { notKept, storedChecksum } from "../revision/not_kept.ts";

/** A text, or what is stored in the place of a large one. */
interface Named {
  readonly name: string;
  readonly text: string;
}

/**
 * A unified diff, without line endings' differences; null for equal texts. Of what is too large to be kept it has the heads
 * alone, with sizes and checksums.
 */
export async function textDiff(before: Named, after: Named): Promise<string | null> {
  if (notKept(before.text) !== null || notKept(after.text) !== null) {
    const same = storedChecksum(before.text) === storedChecksum(after.text);
    return same ? null : `--- ${described(before)}\n+++ ${described(after)}`;
  }
  const [old, present] = [before.text, after.text].map(withLineFeeds);
  if (old === present) return null;
  // Only whoever has edited something needs it.
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import("diff");
  return createTwoFilesPatch(before.name, after.name, old!, present!, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  }).trimEnd();
}

function described({ name, text }: Named): string {
  const large = notKept(text);
  return large === null
    ? name
    : `${name} (${sizeText(large.bytes)}, too large to be compared; SHA-256 ${large.checksum})`;
}

function withLineFeeds(text: string): string {
  return text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
}
