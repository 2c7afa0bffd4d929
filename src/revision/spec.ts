/** What a person types to name a revision, taken apart. What it means in a graph is for `resolve()` to say. */

import { MigError } from "../error.ts";
import { RESERVED_WORDS } from "./metadata_rules.ts";

/** Where a spec starts from. */
export type Anchor =
  /** A word of mig's own. `database` stands for nothing typed at all, as in `+1`. */
  | { readonly kind: "head" | "heads" | "base" | "current" | "database" }
  /** An id, the beginning of one, a label, a slug, or a folder. */
  | {
    readonly kind: "name";
    readonly name: string;
    /** The name if the steps were a part of it: an id may end in `-2`. */
    readonly whole: string;
  };

/** A parsed spec: `[<branch>@]<anchor>[±<steps>]`. */
export interface Spec {
  /** As it was typed, for errors. */
  readonly text: string;
  /** The label or revision before the `@`, in lower case; null where there is none. */
  readonly branch: string | null;
  readonly anchor: Anchor;
  /** How far to go from the anchor: up if positive, down if negative. */
  readonly steps: number;
}

/**
 * Takes a spec apart. Upper and lower case count as equal.
 * @throws {MigError} `usage` when it has no form that a spec can have
 */
export function parseSpec(text: string): Spec {
  const [branch, rest, ...more] = text.includes("@") ? text.split("@") : [null, text];
  if (rest === undefined || more.length > 0) throw malformed(text, "it has more than one @");
  if (branch !== null && branch?.trim() === "") throw malformed(text, "there is no branch before the @");
  const typed = rest.trim().toLowerCase();
  const label = branch?.trim().toLowerCase() ?? null;
  if (label !== null && RESERVED_WORDS.includes(label)) {
    throw malformed(text, `the branch comes before the @, as in ${typed}@${label}`);
  }
  if (typed === "") {
    throw malformed(text, branch === null ? "it is empty" : "there is no revision after the @");
  }
  // Lazy, so that the sign and the digits at the end are steps.
  const [, start, steps] = /^(.*?)([+-]\d+)?$/s.exec(typed)!;
  return {
    text,
    branch: label,
    anchor: parseAnchor(start!, typed),
    steps: Number(steps ?? 0),
  };
}

function parseAnchor(start: string, whole: string): Anchor {
  switch (start) {
    case "":
      return { kind: "database" };
    case "head":
    case "heads":
    case "base":
    case "current":
      return { kind: start };
    default:
      return { kind: "name", name: start, whole };
  }
}

function malformed(text: string, why: string): MigError {
  return new MigError("usage", `cannot read "${text}" as a revision: ${why}`, {
    hint:
      "a revision is named by its id or the beginning of it, head, heads, base, current, +1, -1, <revision>+1, " +
      "<label>@head or the words of its message (phone_number)",
  });
}
