/** Ranges as git writes them, in mig's form: nothing here may have a name with two points in it. */

/** `a:b` for `a..b` or `a...b`; null for anything else, such as a path with `..` in it. */
export function fromGitRange(text: string): string | null {
  const [, from = "", to = ""] = /^([^/\\:]*?)\.{2,3}([^/\\:.]*)$/.exec(text.trim()) ?? [];
  return from === "" && to === "" ? null : `${from}:${to}`;
}

/** The same, and what is in mig's form already. */
export function asRange(text: string): string | null {
  return /^[^\s/\\:]*:[^\s/\\:]*$/.test(text) ? text : fromGitRange(text);
}

/** What to do about a text that may be a range where one revision is wanted. */
export function rangeHint(text: string): string[] {
  const range = asRange(text);
  return range === null
    ? []
    : [`a range is \`${range}\`, with both ends, and \`mig history\`, \`mig verify\` and --sql take one`];
}
