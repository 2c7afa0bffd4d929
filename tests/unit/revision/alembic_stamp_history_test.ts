/**
 * The second half of the conformance table: what Alembic does for stamp, history ranges and heads, each on a graph literal
 * with mig's answer. `alembic` is what Alembic 1.20 was seen to answer where mig answers otherwise on purpose, and `why`
 * the reason. Where neither of two revisions needs the other, Alembic leaves their order open; mig's is fixed.
 */

import { assertEquals } from "@std/assert";
import { MigError } from "../../../src/error.ts";
import type { RevisionGraph } from "../../../src/revision/graph.ts";
import { parseRange, resolveRange } from "../../../src/revision/range.ts";
import { resolve } from "../../../src/revision/resolve.ts";
import { parseSpec } from "../../../src/revision/spec.ts";
import { planStamp } from "../../../src/revision/stamp.ts";
import { at, graph, rowsOf, words } from "./graph_literal.ts";

interface Case {
  /** What Alembic's version table would hold before. */
  readonly at?: string;
  readonly run: `stamp ${string}` | `history${string}` | "heads";
  /** What it would hold afterwards; the revisions that are listed, newest first; or the code of the error. */
  readonly gives: string;
  readonly alembic?: string;
  readonly why?: string;
}

const LOCATE = "error: Can't locate revision";
const COUNTED = "a count is a spec like any other, and `stamp +1` is asked for often";
const DOCUMENTED = 'its manual calls -3:current "three revs before current up to current", which are four';
const BESIDE = "what stands beside the target and needs nothing that is forgotten stays, as in `down`";

const GRAPHS: readonly (readonly [drawing: string, cases: readonly Case[]])[] = [
  [
    "a\nb: a\nc: b\nd: c\ne: d",
    [
      { run: "heads", gives: "e" },
      { run: "stamp c", gives: "c" },
      { run: "stamp head", gives: "e" },
      { run: "stamp heads", gives: "e" },
      { run: "stamp base", gives: "" },
      { run: "stamp +2", gives: "b", alembic: LOCATE, why: COUNTED },
      { run: "stamp c+1", gives: "d", alembic: LOCATE, why: COUNTED },
      { run: "stamp c-1", gives: "b", alembic: LOCATE, why: COUNTED },
      { run: "stamp zz", gives: "revision-unknown" },
      { at: "d", run: "stamp b", gives: "b" },
      { at: "d", run: "stamp e", gives: "e" },
      { at: "d", run: "stamp d", gives: "d" },
      { at: "d", run: "stamp base", gives: "" },
      { at: "d", run: "stamp head --purge", gives: "e" },
      { at: "d", run: "stamp current", gives: "d", alembic: LOCATE, why: COUNTED },
      { at: "d", run: "stamp -1", gives: "c", alembic: LOCATE, why: COUNTED },
      { run: "history", gives: "e d c b a" },
      { run: "history b:d", gives: "d c b" },
      { run: "history b:", gives: "e d c b" },
      { run: "history :c", gives: "c b a" },
      { run: "history base:b", gives: "b a" },
      { run: "history :base", gives: "" },
      { run: "history head:", gives: "e" },
      { run: "history :heads", gives: "e d c b a" },
      { run: "history -2:", gives: "e d c" },
      { run: "history :+2", gives: "b a" },
      { run: "history b:+2", gives: "d c b" },
      { run: "history -2:d", gives: "d c b", alembic: "d c", why: DOCUMENTED },
      {
        run: "history d:b",
        gives: "usage",
      },
      { at: "d", run: "history current:", gives: "e d" },
      { at: "d", run: "history :current", gives: "d c b a" },
      { at: "d", run: "history current:+1", gives: "e d" },
      { at: "d", run: "history current:e", gives: "e d" },
      { at: "d", run: "history -2:current", gives: "d c b", alembic: "d c", why: DOCUMENTED },
      {
        at: "b",
        run: "history +1:",
        gives: "e d c",
        alembic: LOCATE,
        why: "+1 from where the database is begins what is pending",
      },
      {
        at: "d",
        run: "history :-1",
        gives: "c b a",
        alembic: "error: Relative revision -1 didn't produce 1 migrations",
        why: "-1 from where the database is ends what stays after `mig down -1`",
      },
    ],
  ],
  [
    "a\nb: a\nc1: b #c1branch\nd1: c1\nc2: b #c2branch\nd2: c2",
    [
      { run: "heads", gives: "d1 d2" },
      { run: "stamp heads", gives: "d1 d2" },
      { run: "stamp head", gives: "heads-multiple" },
      { run: "stamp c1 c2", gives: "c1 c2" },
      { run: "stamp c2branch@head", gives: "d2" },
      { run: "stamp c1branch@b", gives: "b" },
      { run: "stamp c1branch@+1", gives: "a", alembic: LOCATE, why: COUNTED },
      {
        run: "stamp d1 c1",
        gives: "d1",
        alembic: "c1 d1",
        why: "a revision and its own ancestor are one place; Alembic's next upgrade fails on such a table",
      },
      { at: "b", run: "stamp d2", gives: "d2" },
      { at: "b", run: "stamp d1 d2", gives: "d1 d2" },
      { at: "b", run: "stamp +1", gives: "walk-ambiguous" },
      { at: "d1", run: "stamp d2", gives: "d1 d2" },
      { at: "d1", run: "stamp c2", gives: "c2 d1" },
      { at: "d1", run: "stamp b", gives: "b" },
      { at: "d1", run: "stamp c2branch@head", gives: "d1 d2" },
      { at: "d1 d2", run: "stamp c1", gives: "c1 d2" },
      { at: "d1 d2", run: "stamp c1branch@c1", gives: "c1 d2" },
      { at: "d1 d2", run: "stamp d1", gives: "d1 d2" },
      { at: "d1 d2", run: "stamp b", gives: "b" },
      { at: "d1 d2", run: "stamp a", gives: "a" },
      { at: "d1 d2", run: "stamp base", gives: "" },
      { at: "d1 d2", run: "stamp heads", gives: "d1 d2" },
      { at: "d1 d2", run: "stamp c1 --purge", gives: "c1" },
      {
        at: "d1 d2",
        run: "stamp c1branch@b",
        gives: "d2",
        alembic: "b",
        why: "the branch is named to leave the other one alone, as in `down c1branch@b`",
      },
      {
        at: "d1 d2",
        run: "stamp c1branch@base",
        gives: "",
        alembic: "d2",
        why: "the other branch stands on what is forgotten, so it cannot stay",
      },
      {
        at: "d1 d2",
        run: "stamp c1 c2",
        gives: "c1 c2",
        alembic: "error: KeyError 'd1'",
        why: "both branches go back by one, as was said",
      },
      { run: "history c2branch@b:d2", gives: "d2 c2 b" },
      { run: "history b:c2branch@head", gives: "d2 c2 b" },
      { run: "history -2:c2branch@head", gives: "d2 c2 b" },
      { run: "history c1branch@base:c1branch@head", gives: "d1 c1 b a" },
      { run: "history c1branch@base:", gives: "d1 c1 b a" },
      { run: "history b:", gives: "d2 c2 d1 c1 b" },
      { run: "history :heads", gives: "d2 c2 d1 c1 b a" },
      { run: "history -2:heads", gives: "d2 c2 d1 c1 b" },
      { run: "history d1:d2", gives: "usage" },
      {
        run: "history b:+1",
        gives: "c2 c1 b",
        alembic: "error: Ambiguous walk",
        why: "a list can hold every way; only a step of the database has to be one",
      },
      { at: "d1 d2", run: "history current:", gives: "d2 d1" },
      { at: "d1 d2", run: "history :current", gives: "d2 c2 d1 c1 b a" },
      { at: "d1 d2", run: "history -1:current", gives: "d2 c2 d1 c1" },
    ],
  ],
  [
    "a\nb: a\nc1: b #c1branch\nd1: c1\nc2: b #c2branch\nd2: c2\ne: d1 d2\nf: e",
    [
      { run: "heads", gives: "f" },
      { run: "stamp e", gives: "e" },
      { run: "stamp d1 d2", gives: "d1 d2" },
      { at: "d1 d2", run: "stamp e", gives: "e" },
      { at: "d1 d2", run: "stamp heads", gives: "f" },
      { at: "f", run: "stamp e", gives: "e" },
      { at: "f", run: "stamp b", gives: "b" },
      {
        at: "f",
        run: "stamp d1",
        gives: "d1 d2",
        alembic: "d1",
        why: "what stands beside the target stays, as when d1 and d2 were there and never joined",
      },
      {
        at: "f",
        run: "stamp d1 d2",
        gives: "d1 d2",
        alembic: "error: KeyError 'f'",
        why: "it is before the merge",
      },
      { at: "f", run: "stamp d1 --purge", gives: "d1" },
      { run: "history b:e", gives: "e d2 c2 d1 c1 b" },
      { run: "history c1:e", gives: "e d1 c1" },
      {
        run: "history c2branch@b:f",
        gives: "f e d2 c2 d1 c1 b",
      },
      {
        run: "history -2:e",
        gives: "e d2 c2 d1 c1",
        alembic: "error: Ambiguous walk",
        why: "all ways of two steps are listed",
      },
      { at: "f", run: "history -1:current", gives: "f e" },
    ],
  ],
  [
    "a1 #lib1\nb1: a1\nc1: b1 #c1lib\na2\nb2: a2\nc2: b2 ~c1lib\nd1: c1",
    [
      { run: "heads", gives: "c2 d1" },
      { run: "stamp c2", gives: "c2" },
      { run: "stamp d1", gives: "d1" },
      { run: "stamp heads", gives: "c2 d1" },
      { at: "c2", run: "stamp d1", gives: "c2 d1" },
      { at: "c2", run: "stamp b1", gives: "b1 b2", alembic: "b1", why: BESIDE },
      { at: "c2", run: "stamp c1", gives: "c2", alembic: "c1", why: BESIDE },
      { at: "c2", run: "stamp b2", gives: "b2 c1", alembic: "b2", why: BESIDE },
      { at: "c2 d1", run: "stamp c2", gives: "c2 d1" },
      { at: "c2 d1", run: "stamp base", gives: "" },
      { run: "history b2:c2", gives: "c2 b2" },
      { run: "history :c2", gives: "c2 c1 b1 a1 b2 a2" },
      { run: "history", gives: "d1 c2 c1 b1 a1 b2 a2" },
      {
        run: "history a1:c2",
        gives: "c2 c1 b1 a1",
        alembic: "error: AssertionError",
        why: "the way leads over what c2 depends on",
      },
    ],
  ],
];

for (const [drawing, cases] of GRAPHS) {
  const g = graph(drawing);
  for (const { at: tips = "", run, gives, alembic } of cases) {
    const where = tips === "" ? "nothing" : tips;
    Deno.test(`conformance: \`${run}\` at ${where}${alembic === undefined ? "" : " (differs)"}`, () => {
      assertEquals(answer(g, tips, run), gives);
    });
  }
}

Deno.test("conformance: every difference of the second half has its reason", () => {
  const cases = GRAPHS.flatMap(([, cases]) => cases);
  assertEquals(cases.filter(({ alembic, why }) => (alembic === undefined) !== (why === undefined)), []);
});

function answer(g: RevisionGraph, tips: string, run: Case["run"]): string {
  const applied = at(g, tips);
  const [verb, ...rest] = words(run);
  try {
    if (verb === "heads") return g.heads.map(({ id }) => id).join(" ");
    if (verb === "history") {
      const range = resolveRange(parseRange(rest[0] ?? ":"), g, applied);
      return g.order.toReversed().map(({ id }) => id).filter((id) => range.has(id)).join(" ");
    }
    const specs = rest.filter((word) => word !== "--purge").map(parseSpec);
    const targets = specs.map((spec) => resolve(spec, g, applied));
    const { forget, record } = planStamp(g, rowsOf(g, applied), targets, rest.includes("--purge"));
    const after = new Set([...applied].filter((id) => !forget.some((row) => row.id === id)));
    for (const { id } of record) after.add(id);
    // A stamp never leaves a revision without what it needs.
    assertEquals([...g.ancestors(after)].sort(), [...after].sort());
    return g.tips(after).map(({ id }) => id).join(" ");
  } catch (error) {
    if (error instanceof MigError) return error.code;
    throw error;
  }
}
