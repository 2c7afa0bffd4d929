/** `mig check`: everything that is not as it should be, for CI. */

import { MigError } from "../error.ts";
import type { Chain } from "../engine/chain.ts";
import { appliedIds } from "../engine/decide.ts";
import type { Database } from "../engine/database.ts";
import type { RepeatableFile } from "../engine/repeatable.ts";
import { surveyChain } from "../engine/survey.ts";
import { findDrift, findIrreversible } from "../revision/drift.ts";
import type { RevisionGraph } from "../revision/graph.ts";
import type { App } from "./app.ts";
import { checkFiles, checkRepeatables, isUnreadable } from "./check_files.ts";
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
  const scripts = await app.readRepeatables();
  const inFiles = [
    ...checkFiles(opened, app.variables),
    ...checkRepeatables(scripts ?? [], app.variables),
  ];
  const chain = inFiles.some(isUnreadable) ? null : opened;
  const revisions = opened.graph.size;
  if (filesOnly) {
    return {
      chain,
      database: null,
      revisions,
      problems: [...await problemsOfFolder(opened, app), ...inFiles],
    };
  }
  let database: Database | null = null;
  try {
    database = await app.openDatabase();
    return { chain, revisions, ...await compare(opened, database, scripts, inFiles, app) };
  } catch (error) {
    if (!(error instanceof MigError) || error.code === "interrupted" || inFiles.length === 0) throw error;
    // What is known of the files is told, whatever keeps mig from the database.
    const problems = [...inFiles, ...partsOf(error).map((part) => problemOfError(part))];
    return { chain: null, database: database?.description ?? null, revisions, problems };
  }
}

/** What the revisions show by themselves, whatever is in their files. */
async function problemsOfFolder({ graph, texts }: Chain, { authorsOf }: App): Promise<Problem[]> {
  const findings = [
    ...findDrift(graph, [], () => "").filter(({ kind }) => kind === "heads-multiple"),
    ...findIrreversible(graph, []),
  ];
  return await Promise.all(findings.map((finding) => problemOf(finding, { texts, authorsOf })));
}

/** @param inFiles what the files show by themselves */
async function compare(
  chain: Chain,
  database: Database,
  scripts: readonly RepeatableFile[] | null,
  inFiles: readonly Problem[],
  app: App,
): Promise<Pick<Found, "database" | "problems">> {
  const { graph, texts } = chain;
  const surveyed = await surveyChain(database, app.table, chain, scripts);
  const { applied, findings, stored, repeatable } = surveyed;
  const seen = { texts, authorsOf: app.authorsOf };
  const problems = await Promise.all(
    [...findings, ...findIrreversible(graph, applied)].map((finding) => problemOf(finding, seen, stored)),
  );
  const told = problems.filter(({ kind }) => kind === "late" || kind === "unreadable");
  const messages = new Set(told.map(({ message }) => message));
  return {
    database: surveyed.database,
    problems: [
      ...problems,
      ...pendingOf(graph, new Set([...appliedIds(applied).keys(), ...told.map(({ revision }) => revision!)])),
      ...(repeatable === null ? [] : await repeatableProblems(repeatable.states, repeatable.stored)),
      // What cannot be read is told once, with what the database knows of it.
      ...inFiles.filter((problem) => !isUnreadable(problem) || !messages.has(problem.message)),
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
