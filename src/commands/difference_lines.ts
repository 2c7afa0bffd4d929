/** Objects of which two schemas say different things, as lines for a question. */

import type { DumpDifference } from "../engine/shadow/dump_text.ts";
import { textDiff } from "./text_diff.ts";

/** The SQL of each object as a unified diff. */
export async function differenceLines(
  differences: readonly DumpDifference[],
  before: string,
  after: string,
): Promise<string[]> {
  const diffs = await Promise.all(
    differences.map((difference) =>
      textDiff(
        { name: before, text: `${difference.before ?? ""}\n` },
        { name: after, text: `${difference.after ?? ""}\n` },
      )
    ),
  );
  return diffs.flatMap((diff) => diff?.split("\n") ?? []);
}
