/** `mig check`: everything that is not as it should be, for CI. */

import { MigError } from "../error.ts";
import type { Chain } from "../engine/chain.ts";
import { appliedIds } from "../engine/decide.ts";
import { surveyChain } from "../engine/survey.ts";
import { findDrift, findIrreversible } from "../revision/drift.ts";
import type { RevisionGraph } from "../revision/graph.ts";
import type { App } from "./app.ts";
import { checkFiles, checkRepeatables } from "./check_files.ts";
import { checkSchema } from "./check_schema.ts";
import type { Command, Input } from "./command.ts";
import type { CheckData, Problem } from "./data.ts";
import { partsOf, problemOf, problemOfError } from "./problem.ts";
import { repeatableProblems } from "./repeatables.ts";
import { SHADOW_FLAGS } from "./verify.ts";

const KINDS = [
  "pending",
  "late",
  "parent-not-applied",
  "edited",
  "unfinished",
  "not-here",
  "heads-multiple",
  "irreversible",
  "schema-differs",
  "repeatable-pending",
  "repeatable-changed",
  "repeatable-removed",
  "variable-missing",
];

export const check: Command<CheckData> = {
  spec: {
    name: "check",
    operands: "",
    arity: [0, 0],
    about: [
      "Tells everything that is not as it should be, one line each, and exits with 3 if there is anything: revisions that \
are pending, edited, interrupted, out of order or not in this folder, several heads, irreversible revisions, repeatable scripts that are \
not applied as they are now, broken meta.json, and SQL files that could not run.",
      "With --schema it also tells where schema.sql (a file, or a folder of them; `schema` in mig.json says where) and the chain \
make different schemas: both are made in a throw-away database, the shadow. `mig new --auto` writes what is missing.",
      "With --no-db it tells what the files alone show, for the CI of a pull request. It only reads.",
    ],
    flags: [
      { name: "no-db", summary: "Look at the files only" },
      { name: "schema", summary: "Compare schema.sql with what the chain makes" },
      {
        name: "ignore",
        value: "KINDS",
        choices: KINDS,
        summary: "Kinds that are no problem here, with commas: irreversible,pending",
      },
      ...SHADOW_FLAGS,
    ],
    examples: [
      { command: "mig check --no-db", does: "in the CI of a pull request" },
      {
        command: "mig check --no-db --schema",
        does: "and has somebody forgotten the revision for schema.sql?",
      },
      {
        command: "mig check --env production --ignore irreversible",
        does: "is production where this folder is?",
      },
    ],
  },
  async run(input, app) {
    const ignored = ignoredKinds(input);
    const found = await find(input.switches.has("no-db"), app);
    const { database, revisions } = found;
    const problems = input.switches.has("schema") && found.chain !== null
      ? [...found.problems, ...await checkSchema(found.chain, app)]
      : found.problems;
    return {
      kind: "check",
      database,
      revisions,
      problems: problems.filter(({ kind }) => !ignored.has(kind)),
    };
  },
  exitCode: ({ problems }) => problems.length === 0 ? 0 : 3,
};

interface Found extends Omit<CheckData, "kind"> {
  /** Null where some of it cannot be read, so that it cannot be replayed. */
  readonly chain: Chain | null;
}

async function find(filesOnly: boolean, app: App): Promise<Found> {
  let opened: Chain;
  try {
    opened = await app.openChain();
  } catch (error) {
    if (!(error instanceof MigError) || error.code === "folder-missing") throw error;
    // Nothing can be compared with files that cannot be read.
    const problems = partsOf(error).map((part) => problemOfError(part));
    return { chain: null, database: null, revisions: 0, problems };
  }
  const { graph, texts } = opened;
  const seen = { texts, authorsOf: app.authorsOf };
  const scripts = await app.readRepeatables();
  const inFiles = [...checkFiles(opened, app.variables), ...checkRepeatables(scripts ?? [], app.variables)];
  const unread = new Set(
    inFiles.flatMap(({ kind, revision }) => kind === "file-failed" && revision !== null ? [revision] : []),
  );
  const chain = inFiles.some(({ kind }) => kind === "file-failed") ? null : opened;
  if (filesOnly) {
    const findings = [
      ...findDrift(graph, [], () => "").filter(({ kind }) => kind === "heads-multiple"),
      ...findIrreversible(graph, [], unread),
    ];
    const problems = await Promise.all(findings.map((finding) => problemOf(finding, seen)));
    return { chain, database: null, revisions: graph.size, problems: [...problems, ...inFiles] };
  }
  const { database, applied, findings, stored, repeatable } = await surveyChain(
    await app.openDatabase(),
    app.table,
    opened,
    scripts,
  );
  const idsOf = (wanted: "late" | "unreadable"): ReadonlySet<string> =>
    new Set(findings.flatMap((finding) => finding.kind === wanted ? [finding.revision.id] : []));
  const problems = await Promise.all(
    [...findings, ...findIrreversible(graph, applied, unread)].map((finding) =>
      problemOf(finding, seen, stored)
    ),
  );
  // What cannot be read is told once, with what the database knows of it.
  const unreadable = idsOf("unreadable");
  const late = idsOf("late");
  return {
    chain,
    database,
    revisions: graph.size,
    problems: [
      ...problems,
      ...pendingOf(graph, new Set([...appliedIds(applied).keys(), ...late])),
      ...(repeatable === null ? [] : await repeatableProblems(repeatable.states, repeatable.stored)),
      ...inFiles.filter(({ kind, revision }) => kind !== "file-failed" || !unreadable.has(revision ?? "")),
    ],
  };
}

function pendingOf(graph: RevisionGraph, told: ReadonlySet<string>): Problem[] {
  return graph.order.filter(({ id }) => !told.has(id)).map(({ id, message }) => ({
    kind: "pending",
    revision: id,
    message: `"${message}" is not applied`,
    location: null,
    hints: [
      graph.heads.length > 1 ? "`mig up heads` applies what is pending" : "`mig up` applies what is pending",
    ],
    diff: null,
  }));
}

function ignoredKinds({ values }: Input): ReadonlySet<string> {
  const kinds = (values.ignore ?? "").split(",").map((kind) => kind.trim()).filter((kind) => kind !== "");
  const unknown = kinds.find((kind) => !KINDS.includes(kind));
  if (unknown === undefined) return new Set(kinds);
  throw new MigError("usage", `there is no kind of problem "${unknown}" to ignore`, {
    hint: `the kinds are ${KINDS.join(", ")}`,
  });
}
