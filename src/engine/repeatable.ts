/**
 * Repeatable scripts: SQL files for what has one present form rather than a history, such as views, functions and grants.
 * They are applied after `up`, whenever they are not what was applied last.
 */

import { checksum } from "../revision/checksum.ts";

/** A file of the folder. */
export interface RepeatableFile {
  /** Its path in the folder, with `/`: `views/users.sql`. By this the database knows it. */
  readonly name: string;
  /** As the user would type it. */
  readonly path: string;
  readonly text: string;
}

/** What the database knows of a script that was applied. */
export interface AppliedRepeatable {
  readonly name: string;
  /** Of its text, see `checksum()`. */
  readonly checksum: string;
  /** ISO 8601, UTC. */
  readonly appliedAt: string;
  readonly appliedBy: string;
  readonly durationMs: number | null;
  /** Whether a revision was undone since. */
  readonly undone: boolean;
  /** Whether a view or function that it made is gone. */
  readonly missing: boolean;
}

/**
 * Why a script is to be applied: it never was (`pending`), its text is another (`changed`), a revision was undone since then
 * (`undone`), or a view or function that it made is gone (`missing`).
 */
export type RepeatableReason = "pending" | "changed" | "undone" | "missing";

/** A script and what is to be done about it: `applied` for nothing, `removed` where its file is gone. */
export interface RepeatableState {
  readonly name: string;
  readonly state: RepeatableReason | "applied" | "removed";
  /** Null where the file is gone. */
  readonly file: RepeatableFile | null;
  /** Null where it was never applied. */
  readonly applied: AppliedRepeatable | null;
}

/** The scripts of a run. */
export interface Repeatables {
  /** In the order in which they are applied. */
  readonly files: readonly RepeatableFile[];
  /** Whether they may be applied on a database with these revisions: they are written for what stands at a head. */
  readonly fits: (applied: ReadonlySet<string>) => boolean;
}

/** What a run did with them, or would do. */
export interface RepeatableReport {
  /** Those that were applied, in their order. */
  readonly scripts: readonly {
    readonly name: string;
    readonly path: string;
    readonly reason: RepeatableReason;
  }[];
  /** How many were left alone, since nothing about them has changed. */
  readonly unchanged: number;
  /** How many will be applied once no revision is pending. */
  readonly waiting: number;
  /** Those whose files are gone, by name: what they made stays, and they are forgotten. */
  readonly removed: readonly string[];
}

/** The state of every script, in the order in which they are applied; then those whose files are gone. */
export function repeatableStates(
  files: readonly RepeatableFile[],
  rows: readonly AppliedRepeatable[],
): RepeatableState[] {
  const byName = new Map(rows.map((row) => [row.name, row]));
  const names = new Set(files.map(({ name }) => name));
  return [
    ...files.map((file) => {
      const applied = byName.get(file.name) ?? null;
      return { name: file.name, state: stateOf(file, applied), file, applied };
    }),
    ...rows.filter(({ name }) => !names.has(name))
      .map((applied) => ({ name: applied.name, state: "removed" as const, file: null, applied })),
  ];
}

/** Those that are to be applied. */
export function dueOf(
  states: readonly RepeatableState[],
): { readonly file: RepeatableFile; readonly reason: RepeatableReason; readonly applied: string | null }[] {
  return states.flatMap(({ file, state, applied }) =>
    file === null || state === "applied" || state === "removed"
      ? []
      : [{ file, reason: state, applied: applied?.checksum ?? null }]
  );
}

/** The report of states before anything was done about them. */
export function reportStates(states: readonly RepeatableState[], fits: boolean): RepeatableReport {
  const due = dueOf(states);
  return {
    scripts: fits ? due.map(({ file: { name, path }, reason }) => ({ name, path, reason })) : [],
    unchanged: states.filter(({ state }) => state === "applied").length,
    waiting: fits ? 0 : due.length,
    removed: fits ? states.filter(({ state }) => state === "removed").map(({ name }) => name) : [],
  };
}

function stateOf(file: RepeatableFile, applied: AppliedRepeatable | null): RepeatableState["state"] {
  if (applied === null) return "pending";
  if (applied.checksum !== checksum(file.text)) return "changed";
  return applied.undone ? "undone" : applied.missing ? "missing" : "applied";
}
