/** What has another name: by flag, or asked for. It is never guessed. */

import { type Rename, RENAME_KINDS, type RenameCandidate, type RenameKind } from "../engine/difference.ts";
import type { ChooseRenames } from "../engine/renamed.ts";
import { MigError } from "../error.ts";
import type { App } from "./app.ts";
import type { FlagSpec, Input } from "./command.ts";

/** The flag that says what was renamed. */
export const RENAME: FlagSpec = {
  name: "rename",
  value: "TEXT",
  repeatable: true,
  summary: "What has another name: users.mail=email, or 'table public.users to people'",
};

/** The flags of the verbs that write revisions from a difference. */
export const RENAME_FLAGS: readonly FlagSpec[] = [
  RENAME,
  { name: "no-renames", summary: "Nothing was renamed: drop what is gone, make what is new" },
];

/** What the flags say, and what to ask of whatever else may have been renamed. */
export interface RenameChoice {
  /** Those that are written out. */
  readonly given: readonly Rename[];
  readonly choose: ChooseRenames;
  /** The same, without asking. */
  readonly chooseGiven: ChooseRenames;
  /**
   * Refuses a short form that nothing was found for.
   * @throws {MigError} `usage`
   */
  refuseUnused(): void;
}

/** Reads the flags. */
export function chooseRenames(
  { lists, switches }: Pick<Input, "lists" | "switches">,
  app: App,
): RenameChoice {
  const texts = lists.rename ?? [];
  const refused = new Set<string>();
  const short = new Map(texts.flatMap((text) => SHORT.test(text) ? [[text, shortOf(text)]] : []));
  // deno-lint-ignore require-await -- what it throws is a rejection
  const chooseGiven: ChooseRenames = async (candidates) => {
    const chosen: RenameCandidate[] = [];
    for (const [text, wanted] of short) {
      const found = candidates.filter((candidate) => fits(candidate, wanted));
      if (found.length > 1) throw ambiguous(text, found);
      if (found.length === 0) continue;
      short.delete(text);
      chosen.push(found[0]!);
    }
    return chosen;
  };
  return {
    given: texts.filter((text) => !short.has(text)).map(parseRename),
    chooseGiven,
    async choose(candidates) {
      const chosen = await chooseGiven(candidates);
      // One that was given may show others: the columns of a table that has another name.
      if (chosen.length > 0 || switches.has("no-renames")) return chosen;
      const open = candidates.filter((candidate) => !refused.has(renameText(candidate)));
      const renamed = await ask(open, app);
      for (const candidate of open) if (!renamed.includes(candidate)) refused.add(renameText(candidate));
      return renamed;
    },
    refuseUnused() {
      const [first] = short;
      if (first === undefined) return;
      const [text, { from, to }] = first;
      const kind = from.includes(".") ? "column" : "table";
      throw new MigError("usage", `nothing looks as if it had been renamed by --rename ${text}`, {
        hint: [
          "the old name has to be where it begins and not where it leads, and the new one the other way round; a revision may have \
renamed it already",
          `if it was renamed, and changed besides, say what it is: --rename '${kind} public.${from} to ${to}'`,
        ],
      });
    },
  };
}

/** A rename as `--rename` takes it. */
export function renameText({ kind, from, to }: Rename): string {
  return `${kind} ${from} to ${to}`;
}

/**
 * Reads `column public.users.mail to email`.
 * @throws {MigError} `usage`
 */
export function parseRename(text: string): Rename {
  const [, kind, from, to] = /^(.*?) (\S.*) to (\S.*)$/.exec(text.trim().replaceAll(/\s+/g, " ")) ?? [];
  const known =
    RENAME_KINDS.filter((kind) => text.trim().startsWith(`${kind} `)).sort((a, b) => b.length - a.length)[0];
  if (kind === undefined || known === undefined) {
    throw new MigError("usage", `"${text}" is no rename`, {
      hint: [
        "write it as: --rename users.mail=email, or --rename 'column public.users.mail to email'",
        `what can be renamed: ${RENAME_KINDS.join(", ")}`,
      ],
    });
  }
  return {
    kind: known as RenameKind,
    from: `${kind} ${from}`.slice(known.length + 1),
    to: to!.startsWith('"') ? to!.slice(1, -1).replaceAll('""', '"') : to!,
  };
}

/** The short form, where a shell takes it as it is. */
function inShort({ from, to }: Rename): string[] {
  const text = `${from.replace(/^public\./, "")}=${to}`;
  return /^[\w.]+=\w+$/.test(text) ? [text] : [];
}

/** `users.mail=email`; an operator's or an index's expression has no place in it. */
const SHORT = /^[^\s=]+=[^\s=]+$/;

function shortOf(text: string): { readonly from: string; readonly to: string } {
  const [from, to] = text.split("=") as [string, string];
  return { from, to: to.split(".").at(-1)! };
}

function fits(
  { from, to }: RenameCandidate,
  wanted: { readonly from: string; readonly to: string },
): boolean {
  return to === wanted.to.replace(/^"(.*)"$/, "$1") &&
    (from === wanted.from || from.endsWith(`.${wanted.from}`));
}

function ambiguous(text: string, found: readonly RenameCandidate[]): MigError {
  return new MigError("usage", `--rename ${text} may mean ${found.length} things`, {
    hint: found.map((candidate) => `say which: --rename '${renameText(candidate)}'`),
  });
}

async function ask(candidates: readonly RenameCandidate[], app: App): Promise<RenameCandidate[]> {
  const chosen: RenameCandidate[] = [];
  for (const candidate of candidates) {
    const { kind, from, to } = candidate;
    const isTaken = chosen.some((other) => other.kind === kind && (other.from === from || other.to === to));
    if (isTaken) continue;
    const answer = await app.ask(
      `Is ${kind} ${from} now called ${to}? If not, it is dropped, and ${to} is made anew.`,
    );
    if (answer === null) throw unanswered(candidates);
    if (answer) chosen.push(candidate);
  }
  return chosen;
}

function unanswered(candidates: readonly RenameCandidate[]): MigError {
  const [first] = candidates;
  const what = candidates.length === 1
    ? `${first!.kind} ${first!.from} is now called ${first!.to}`
    : `${candidates.length} objects have other names now`;
  return new MigError("usage", `cannot tell whether ${what}, and there is no terminal to ask at`, {
    hint: [
      ...candidates.slice(0, 10).map((candidate) => `if it is: --rename '${renameText(candidate)}'`),
      ...inShort(first!).map((text) => `or in short: --rename ${text}`),
      "if nothing else was renamed: --no-renames, which drops what is gone and makes what is new",
    ],
    data: { candidates },
  });
}
