/** `mig verify`: proves that revisions go up, down and up again, in a database to throw away. */

import { appliedIds } from "../engine/decide.ts";
import { survey } from "../engine/survey.ts";
import { type Verdict, verifyChain } from "../engine/shadow/verify.ts";
import { MigError } from "../error.ts";
import { fromGitRange } from "../revision/git_range.ts";
import { parseRange, rangeNeedsDatabase, resolveRange } from "../revision/range.ts";
import type { RevisionId } from "../revision/revision.ts";
import type { Chain } from "../engine/chain.ts";
import type { App } from "./app.ts";
import type { Command, FlagSpec, Input } from "./command.ts";
import type { VerifyData } from "./data.ts";
import { findingKind, findingProblem, remarkProblem } from "./verify_problem.ts";

/** The flags of every verb that uses the shadow. */
export const SHADOW_FLAGS: readonly FlagSpec[] = [
  {
    name: "shadow-url",
    value: "URL",
    summary: "Make the shadow a scratch database on this server, instead of an embedded one",
  },
  { name: "shadow-setup", value: "FILE", summary: "A SQL file to run in the empty shadow first" },
];

/** Kinds of findings, and that of remarks. */
const KINDS = [
  "up-failed",
  "down-failed",
  "again-failed",
  "left-behind",
  "lost",
  "not-restored",
  "again-differs",
  "rows-refused",
  "rows-lost",
  "depends-on-rows",
];

export const verify: Command<VerifyData> = {
  spec: {
    name: "verify",
    operands: "[<range>]",
    arity: [0, 1],
    about: [
      "Proves revisions without a server: in a throw-away database, the shadow, each goes up, down and up again. After down the \
schema must be what it was before, and after the second up what it was after the first; what is left behind, lost or changed is \
told by name, with its SQL. The tables have a few rows, made to fit their types and constraints: what they stand in the way of, \
and what becomes of them, is told too. What works with them but refuses or loses rows that have NULL, long values or those of another \
row is remarked upon as depends-on-rows, which is no finding. It exits with 3 if it found anything; nothing is done to your database.",
      "Without a range it takes the revisions that the database does not have yet, or all where no database can be asked. A \
range is `a:b`, `a:` or `:b`, or a single revision. Revisions without down.sql are only applied.",
      "The shadow is PostgreSQL 18, embedded, unless --shadow-url names a server. What it has replayed is kept for the next time \
in mig's cache folder, which may be deleted at any time.",
    ],
    flags: [
      { name: "all", short: "a", summary: "Verify the whole chain" },
      { name: "no-rows", summary: "Leave the tables empty: look at the schema only" },
      { name: "no-db", summary: "Do not ask the database what it has" },
      {
        name: "ignore",
        value: "KINDS",
        choices: KINDS,
        summary: "Kinds of findings that are none here, with commas: rows-lost,left-behind",
      },
      ...SHADOW_FLAGS,
    ],
    examples: [
      { command: "mig verify", does: "what the next `mig up` would apply" },
      { command: "mig verify --all", does: "the whole chain, in CI" },
      { command: "mig verify head", does: "the newest revision" },
      {
        command: "mig verify 3f9a: --shadow-url postgres://localhost/postgres",
        does: "on that server's version",
      },
    ],
  },
  async run(input, app) {
    const ignored = ignoredKinds(input);
    const chain = await app.openChain();
    const { chosen, why } = await choose(input, chain, app);
    const { graph, texts } = chain;
    const problems: VerifyData["problems"][number][] = [];
    const empty: VerifyData["empty"][number][] = [];
    await using shadow = await app.openShadow(chain);
    const started = performance.now();
    const resultOf = (verdict: Verdict) => resultWithout(ignored, verdict);
    const verdicts = chosen.size === 0 ? [] : await verifyChain(shadow, {
      order: graph.order,
      chosen,
      rows: !input.switches.has("no-rows"),
      edges: !input.switches.has("no-rows") && !ignored.has("depends-on-rows"),
      table: app.table,
      textOf: (revision) => `${texts.read(revision, "up")}\n${texts.read(revision, "down") ?? ""}`,
      onVerdict: (verdict) =>
        app.onEvent({
          type: "verified",
          revision: { id: verdict.revision.id, message: verdict.revision.message },
          result: resultOf(verdict),
          ms: verdict.ms,
        }),
      onEmpty: (table, reason) => empty.push({ table, reason }),
    });
    for (const verdict of verdicts) problems.push(...await problemsOf(verdict, chain, ignored));
    const remarks = verdicts.flatMap(({ revision, remarks }) =>
      remarks.map((remark) => remarkProblem(remark, revision, texts))
    );
    app.annotate(problems);
    app.annotate(remarks, "warning");
    return {
      kind: "verify",
      shadow: shadow.kind,
      chosen: why,
      revisions: verdicts.map((verdict) => ({
        id: verdict.revision.id,
        message: verdict.revision.message,
        result: resultOf(verdict),
        ms: Math.round(verdict.ms),
      })),
      skipped: chosen.size - verdicts.length,
      problems,
      remarks,
      empty,
      ms: Math.round(performance.now() - started),
    };
  },
  exitCode: ({ problems }) => problems.length === 0 ? 0 : 3,
};

async function problemsOf({ findings, revision }: Verdict, { texts }: Chain, ignored: ReadonlySet<string>) {
  const minded = findings.filter((finding) => !ignored.has(findingKind(finding)));
  return await Promise.all(minded.map((finding) => findingProblem(finding, revision, texts)));
}

/** What a verdict is to those who do not mind some kinds of findings. */
function resultWithout(
  ignored: ReadonlySet<string>,
  { result, findings, revision }: Verdict,
): Verdict["result"] {
  if (result !== "failed" || findings.some((finding) => !ignored.has(findingKind(finding)))) return result;
  return revision.reversible ? "proven" : "irreversible";
}

interface Choice {
  readonly chosen: ReadonlySet<RevisionId>;
  readonly why: VerifyData["chosen"];
}

/** Which revisions are to be verified. */
async function choose({ operands: [text], switches }: Input, { graph }: Chain, app: App): Promise<Choice> {
  const all = (): ReadonlySet<RevisionId> => new Set(graph.order.map(({ id }) => id));
  if (switches.has("all")) {
    if (text === undefined) return { chosen: all(), why: "all" };
    throw new MigError("usage", "a range and --all say different things", { hint: "leave one of them out" });
  }
  if (text !== undefined) {
    // A single revision is the range from itself to itself.
    const isRange = text.includes(":") || fromGitRange(text) !== null;
    const range = parseRange(isRange ? text : `${text}:${text}`);
    const applied = rangeNeedsDatabase(range) && !switches.has("no-db")
      ? appliedIds((await survey(await app.openDatabase(), app.table)).applied)
      : new Map<RevisionId, never>();
    return { chosen: resolveRange(range, graph, applied), why: "range" };
  }
  if (switches.has("no-db") || !app.hasDatabase()) return { chosen: all(), why: "all" };
  try {
    const { applied } = await survey(await app.openDatabase(), app.table);
    const ids = appliedIds(applied);
    return { chosen: new Set([...all()].filter((id) => !ids.has(id))), why: "pending" };
  } catch (error) {
    if (!(error instanceof MigError) || !UNREACHABLE.includes(error.code)) throw error;
    app.show([`the database cannot be asked, so the whole chain is verified: ${error.message}`]);
    return { chosen: all(), why: "all" };
  }
}

const UNREACHABLE: readonly string[] = [
  "connection-failed",
  "authentication-failed",
  "database-missing",
  "tls-failed",
  "embedded-busy",
];

function ignoredKinds({ values }: Input): ReadonlySet<string> {
  const kinds = (values.ignore ?? "").split(",").map((kind) => kind.trim()).filter((kind) => kind !== "");
  const unknown = kinds.find((kind) => !KINDS.includes(kind));
  if (unknown === undefined) return new Set(kinds);
  throw new MigError("usage", `there is no kind of finding "${unknown}" to ignore`, {
    hint: `the kinds are ${KINDS.join(", ")}`,
  });
}
