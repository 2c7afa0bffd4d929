/** All verbs by name. A verb's module is loaded when it is used: `mig --version` need not wait for any. */

import type { Command } from "./command.ts";

/** A verb as the overview shows it. */
export interface Entry {
  readonly name: string;
  /** Other names for it; those of Alembic are for people who come from there. */
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** In the order in which the overview lists them: from the first day to every day. */
export const REGISTRY: readonly Entry[] = [
  {
    name: "init",
    aliases: [],
    summary: "Set up mig in this folder: mig.json and migrations/",
    load: async () => (await import("./init.ts")).init,
  },
  {
    name: "new",
    aliases: ["revision"],
    summary: "Make a revision that follows the head",
    load: async () => (await import("./new.ts")).newRevision,
  },
  {
    name: "edit",
    aliases: [],
    summary: "Open a revision's SQL files in your editor",
    load: async () => (await import("./edit.ts")).edit,
  },
  {
    name: "up",
    aliases: ["upgrade"],
    summary: "Apply revisions, up to the head or the one you name",
    load: async () => (await import("./up.ts")).up,
  },
  {
    name: "down",
    aliases: ["downgrade"],
    summary: "Undo revisions, down to the one you name",
    load: async () => (await import("./down.ts")).down,
  },
  {
    name: "goto",
    aliases: [],
    summary: "Go to a revision from anywhere: down what it does not need, then up",
    load: async () => (await import("./goto.ts")).goTo,
  },
  {
    name: "redo",
    aliases: [],
    summary: "Undo the last revisions and apply them again",
    load: async () => (await import("./redo.ts")).redo,
  },
  {
    name: "stamp",
    aliases: [],
    summary: "Record revisions as applied, without running them",
    load: async () => (await import("./stamp.ts")).stamp,
  },
  {
    name: "baseline",
    aliases: [],
    summary: "Adopt an existing database: write its first revision from what is there",
    load: async () => (await import("./baseline.ts")).baseline,
  },
  {
    name: "dump",
    aliases: [],
    summary: "Write the schema as SQL that is the same for the same schema",
    load: async () => (await import("./dump.ts")).dump,
  },
  {
    name: "status",
    aliases: [],
    summary: "Show where the database is, what is pending, and what is wrong",
    load: async () => (await import("./status.ts")).status,
  },
  {
    name: "check",
    aliases: [],
    summary: "Tell all that is not as it should be; exit with 3 if there is anything",
    load: async () => (await import("./check.ts")).check,
  },
  {
    name: "verify",
    aliases: [],
    summary: "Prove revisions in a throw-away database: up, down and up again",
    load: async () => (await import("./verify.ts")).verify,
  },
  {
    name: "history",
    aliases: ["log"],
    summary: "List the chain, newest first, with what is applied, when and by whom",
    load: async () => (await import("./history.ts")).history,
  },
  {
    name: "graph",
    aliases: [],
    summary: "Draw the chain with its branches, as text, Mermaid, DOT or SVG",
    load: async () => (await import("./graph.ts")).graph,
  },
  {
    name: "current",
    aliases: [],
    summary: "Show the revision that the database is at",
    load: async () => (await import("./current.ts")).current,
  },
  {
    name: "heads",
    aliases: [],
    summary: "Show the revisions that nobody follows",
    load: async () => (await import("./heads.ts")).heads,
  },
  {
    name: "branches",
    aliases: [],
    summary: "Show where the chain parts, and its branches",
    load: async () => (await import("./branches.ts")).branches,
  },
  {
    name: "merge",
    aliases: [],
    summary: "Join heads by a revision that follows them all",
    load: async () => (await import("./merge.ts")).merge,
  },
  {
    name: "rebase",
    aliases: [],
    summary: "Let a revision that is not applied follow another one",
    load: async () => (await import("./rebase.ts")).rebase,
  },
  {
    name: "show",
    aliases: [],
    summary: "Print one revision and its SQL",
    load: async () => (await import("./show.ts")).show,
  },
  {
    name: "diff",
    aliases: [],
    summary: "Print the SQL that leads from one schema to another, proven",
    load: async () => (await import("./diff.ts")).diff,
  },
  {
    name: "schema",
    aliases: [],
    summary: "Print the schema as of any revision, without a server",
    load: async () => (await import("./schema.ts")).schema,
  },
  {
    name: "accept",
    aliases: [],
    summary: "Record the present text of a revision that was edited after it was applied",
    load: async () => (await import("./accept.ts")).accept,
  },
  {
    name: "restore",
    aliases: [],
    summary: "Write the folders of revisions that only the database has",
    load: async () => (await import("./restore.ts")).restore,
  },
  {
    name: "unlock",
    aliases: [],
    summary: "Show who holds the lock of a run, and how to end that",
    load: async () => (await import("./unlock.ts")).unlock,
  },
  {
    name: "config",
    aliases: [],
    summary: "Print each setting, its value, and where it came from",
    load: async () => (await import("./config.ts")).config,
  },
  {
    name: "completion",
    aliases: [],
    summary: "Print the script that lets your shell complete commands and revisions",
    load: async () => (await import("./completion.ts")).completion,
  },
];
