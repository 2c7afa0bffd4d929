/** What differs between two texts, as people read it. */

/**
 * A unified diff, without line endings' differences; null for equal texts.
 *
 * @param before its name and text
 * @param after its name and text
 */
export async function textDiff(
  before: { readonly name: string; readonly text: string },
  after: { readonly name: string; readonly text: string },
): Promise<string | null> {
  const [old, present] = [before.text, after.text].map(withLineFeeds);
  if (old === present) return null;
  // Only whoever has edited something needs it.
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import("diff");
  return createTwoFilesPatch(before.name, after.name, old!, present!, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  }).trimEnd();
}

function withLineFeeds(text: string): string {
  return text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
}
