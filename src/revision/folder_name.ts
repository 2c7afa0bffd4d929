/** The name of a revision's folder, by the pattern of the settings. Only people read it: meta.json is what counts. */

import { type Fields, fillIn, FOLDER_TERMS, placeholderFault, placeholdersOf } from "./placeholders.ts";

/** `20261122T2225_3f9a1c2b_phone_number`: the minute in UTC, so that folders stand in the order of their age. */
export const DEFAULT_FOLDER_NAME = "{{year}}{{month}}{{day}}T{{hour}}{{minute}}_{{id}}_{{slug}}";

/** What is wrong with a pattern. */
export interface PatternFault {
  /** The end of a sentence that begins with the setting's name. */
  readonly message: string;
  readonly hint: string;
  /** The piece that is wrong; the whole where it is left out. */
  readonly piece?: string;
}

/** The folder's name. An empty slug takes the `_`, `-` or `.` that joins it to its neighbour along. */
export function folderName(pattern: string, fields: Fields): string {
  const joined = fields.slug !== "" ? pattern : pattern.replace(JOINED_SLUG, "").replace(LEADING_SLUG, "");
  return fillIn(joined, fields);
}

/**
 * What is wrong with a pattern; null where every name that it gives can be a folder's on every system, and no two are
 * the same.
 */
export function patternFault(pattern: string): PatternFault | null {
  const found = placeholdersOf(pattern);
  for (const placeholder of found) {
    const fault = placeholderFault(placeholder, FOLDER_TERMS);
    if (fault !== null) {
      return {
        ...fault,
        message: `has the placeholder ${placeholder.text}, which is unknown`,
        piece: placeholder.text,
      };
    }
  }
  const fixed = pattern.replaceAll(KNOWN, "");
  const [strange] = /[^A-Za-z0-9._-]/u.exec(fixed) ?? [];
  if (strange !== undefined) {
    const hint = 'beside placeholders it may hold letters from a to z, digits, ".", "_" and "-"';
    return {
      message: `has ${JSON.stringify(strange)}, which mig puts into no folder's name`,
      hint,
      piece: strange,
    };
  }
  if (!found.some(({ name }) => name === "id")) {
    return { message: "has no {{id}}, so two revisions could get the same folder", hint: EXAMPLE };
  }
  if (/^[._-]/.test(pattern)) {
    return {
      message: `begins with "${pattern[0]}"`,
      hint: "mig reads no folder whose name begins so",
      piece: pattern[0],
    };
  }
  if (pattern.endsWith(".")) return { message: 'ends with ".", which Windows does not keep', hint: EXAMPLE };
  if (fixed.length > 100) {
    return { message: `has ${fixed.length} characters beside placeholders`, hint: "100 are the most" };
  }
  return null;
}

/** What is wrong with a folder's name that a sound pattern gave, as the end of a sentence; null where nothing is. */
export function folderNameFault(name: string): string | null {
  // As git and the shell would read it, or as `readChain()` would leave it out.
  if (/^[._-]/.test(name)) return `begins with "${name[0]}", and mig reads no such folder`;
  if (/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name)) return "is a device on Windows";
  if (name.endsWith(".")) return 'ends with ".", which Windows does not keep';
  return null;
}

const EXAMPLE = 'write for example "{{date}}_{{id}}_{{slug}}"';
const KNOWN = new RegExp(`\\{\\{[ \\t]*(?:${FOLDER_TERMS.join("|")})[ \\t]*\\}\\}`, "g");
const JOINED_SLUG = /[._-]\{\{[ \t]*slug[ \t]*\}\}/g;
const LEADING_SLUG = /\{\{[ \t]*slug[ \t]*\}\}[._-]?/g;
