/**
 * What Alembic documents of upgrade, downgrade and relative ids (its manual, "Relative Migration Identifiers" and
 * "Working with Branches"), each on a graph literal with mig's answer. `differs` says where mig does otherwise on
 * purpose, and why. Where neither of two revisions needs the other, Alembic leaves their order open; mig's is fixed.
 */

import { assertEquals } from "@std/assert";
import { MigError } from "../../../src/error.ts";
import { planDowngrade, planUpgrade } from "../../../src/revision/plan.ts";
import { resolveDown, resolveUp } from "../../../src/revision/resolve.ts";
import { parseSpec } from "../../../src/revision/spec.ts";
import { at, drawn, graph, words } from "./graph_literal.ts";

interface Case {
  readonly is: string;
  /** What Alembic's version table would hold. */
  readonly at: string;
  readonly run: `up ${string}` | `down ${string}`;
  /** The steps, or the code of the error. */
  readonly gives: string;
  readonly differs?: string;
}

const GRAPHS: readonly (readonly [drawing: string, cases: readonly Case[]])[] = [
  [
    "a\nb: a\nc: b\nd: c\ne: d",
    [
      { is: "to a revision", at: "c", run: "up e", gives: "+d +e" },
      { is: "to a revision from nothing", at: "", run: "up c", gives: "+a +b +c" },
      { is: "to the head", at: "", run: "up head", gives: "+a +b +c +d +e" },
      { is: "to all heads", at: "d", run: "up heads", gives: "+e" },
      { is: "to where it is", at: "c", run: "up c", gives: "" },
      { is: "to something below", at: "c", run: "up a", gives: "" },
      { is: "two steps", at: "a", run: "up +2", gives: "+b +c" },
      { is: "a step from nothing", at: "", run: "up +1", gives: "+a" },
      { is: "a step from the base, in words", at: "", run: "up base+1", gives: "+a" },
      { is: "steps from a revision", at: "a", run: "up b+2", gives: "+b +c +d" },
      { is: "steps back from a revision", at: "a", run: "up d-2", gives: "+b" },
      { is: "steps back from the head", at: "a", run: "up head-1", gives: "+b +c +d" },
      { is: "more steps than there are", at: "b", run: "up +5", gives: "walk-too-far" },
      { is: "upgrade by steps that lead down", at: "b", run: "up -2", gives: "usage" },
      { is: "back to a revision", at: "e", run: "down c", gives: "-e -d" },
      { is: "back to the base", at: "c", run: "down base", gives: "-c -b -a" },
      { is: "back to the base from it", at: "", run: "down base", gives: "" },
      { is: "back to where it is", at: "a", run: "down a", gives: "" },
      { is: "back to where it is, at the head", at: "e", run: "down e", gives: "" },
      { is: "back to where it is, by the name head", at: "e", run: "down head", gives: "" },
      { is: "one step back", at: "c", run: "down -1", gives: "-c" },
      { is: "three steps back", at: "e", run: "down -3", gives: "-e -d -c" },
      { is: "one step back to the base", at: "a", run: "down -1", gives: "-a" },
      { is: "back to steps above a revision", at: "d", run: "down a+2", gives: "-d" },
      { is: "back to steps below a revision", at: "d", run: "down c-2", gives: "-d -c -b" },
      { is: "more steps back than there are", at: "b", run: "down -5", gives: "walk-too-far" },
      { is: "a step back from nothing", at: "", run: "down -1", gives: "walk-too-far" },
      { is: "downgrade by steps that lead up", at: "b", run: "down +2", gives: "usage" },
      { is: "back to what is above", at: "b", run: "down c", gives: "revision-not-applied" },
      { is: "back to a revision from nothing", at: "", run: "down b", gives: "revision-not-applied" },
      { is: "an unknown revision", at: "b", run: "up zz", gives: "revision-unknown" },
      {
        is: "an upgrade to upper case",
        at: "d",
        run: "up E",
        gives: "+e",
        differs:
          "Alembic compares ids exactly; an id copied from a ticket may have been written in upper case",
      },
    ],
  ],
  [
    "a\nb: a\nc1: b #c1branch\nd1: c1\nc2: b #c2branch\nd2: c2",
    [
      { is: "one branch", at: "b", run: "up d1", gives: "+c1 +d1" },
      { is: "both branches by their heads", at: "a", run: "up d1 d2", gives: "+b +c1 +d1 +c2 +d2" },
      { is: "both branches by the word heads", at: "b", run: "up heads", gives: "+c1 +d1 +c2 +d2" },
      { is: "the head where there are two", at: "b", run: "up head", gives: "heads-multiple" },
      { is: "the head of a label", at: "b", run: "up c2branch@head", gives: "+c2 +d2" },
      { is: "a label alone", at: "b", run: "up c2branch", gives: "+c2" },
      { is: "below the head of a label", at: "b", run: "up c2branch@head-1", gives: "+c2" },
      { is: "a step on a branch that is not begun", at: "c1", run: "up c2branch@+1", gives: "+c2" },
      { is: "a step on one of two branches", at: "c1 c2", run: "up c2branch@+1", gives: "+d2" },
      { is: "a step at a fork", at: "b", run: "up +1", gives: "walk-ambiguous" },
      { is: "a step from two revisions", at: "c1 c2", run: "up +1", gives: "walk-ambiguous" },
      {
        is: "a step from two revisions where only one has a next one",
        at: "c1 d2",
        run: "up +1",
        gives: "+d1",
        differs:
          "Alembic refuses every relative step from several revisions, also where there is only one way",
      },
      { is: "both branches back to the fork", at: "d1 d2", run: "down b", gives: "-d2 -c2 -d1 -c1" },
      { is: "both branches back below the fork", at: "d1 d2", run: "down a", gives: "-d2 -c2 -d1 -c1 -b" },
      { is: "the base and two steps, no branch", at: "d1 d2", run: "down base+2", gives: "-d2 -c2 -d1 -c1" },
      {
        is: "the base and two steps of a branch",
        at: "d1 d2",
        run: "down c2branch@base+2",
        gives: "-d2 -c2",
      },
      { is: "the base and three steps of a branch", at: "d1 d2", run: "down c2branch@base+3", gives: "-d2" },
      { is: "one branch to a revision of it", at: "d1 d2", run: "down c2", gives: "-d2" },
      { is: "a step down a labelled branch", at: "d1 d2", run: "down c1branch@-1", gives: "-d1" },
      { is: "a step below a revision", at: "c1 d2", run: "down d2-1", gives: "-d2" },
      { is: "a labelled branch to the fork", at: "c1 d2", run: "down c1branch@b", gives: "-c1" },
      { is: "the other labelled branch to the fork", at: "c1 d2", run: "down c2branch@b", gives: "-d2 -c2" },
      { is: "a branch named by a revision in it", at: "d1 d2", run: "down c2@b", gives: "-d2 -c2" },
      { is: "a branch named by its head", at: "d1 d2", run: "down d1@b", gives: "-d1 -c1" },
      { is: "below the head of a label, down", at: "d1 d2", run: "down c1branch@head-1", gives: "-d1" },
      { is: "where one branch is", at: "d1 c2", run: "down c2", gives: "" },
      {
        is: "a step down from two revisions",
        at: "d1 d2",
        run: "down -1",
        gives: "walk-ambiguous",
        differs: "Alembic takes the first that its table happens to give, and warns",
      },
    ],
  ],
  [
    "a\nb: a\nc1: b\nd1: c1\nc2: b #c2branch\nd2: c2\ne: d1 d2\nf: e",
    [
      { is: "across a merge", at: "b", run: "up f", gives: "+c1 +d1 +c2 +d2 +e +f" },
      { is: "a merge from one side", at: "d1", run: "up e", gives: "+c2 +d2 +e" },
      { is: "a label's head beyond the merge", at: "d1 c2", run: "up c2branch@head", gives: "+d2 +e +f" },
      { is: "a step from one side into a merge", at: "d1", run: "up +1", gives: "+c2 +d2 +e" },
      { is: "back across a merge", at: "f", run: "down b", gives: "-f -e -d2 -c2 -d1 -c1" },
      { is: "back to one side of a merge", at: "f", run: "down d1", gives: "-f -e" },
      { is: "back down one side of a merge", at: "f", run: "down c2", gives: "-f -e -d2" },
      { is: "a step down from above a merge", at: "f", run: "down -1", gives: "-f" },
      { is: "a step down from a merge", at: "e", run: "down -1", gives: "walk-ambiguous" },
    ],
  ],
  [
    "a1\nb1: a1\nc1: b1\na2\nb2: a2\nc2: b2\nd1: c1 c2\nd2: c2",
    [
      { is: "a merge one side of which went on", at: "d2 b1", run: "up d1", gives: "+c1 +d1" },
      { is: "back on one side of such a merge", at: "d2 d1", run: "down b1", gives: "-d1 -c1" },
    ],
  ],
  [
    "a1\nb1: a1\na2\nb2: a2",
    [
      { is: "several bases, all heads", at: "", run: "up heads", gives: "+a1 +b1 +a2 +b2" },
      { is: "a step where there are several bases", at: "", run: "up +1", gives: "walk-ambiguous" },
      { is: "one of several chains back to the base", at: "b1 b2", run: "down b1@base", gives: "-b1 -a1" },
    ],
  ],
  [
    "a1 #lib1\nb1: a1\nc1: b1 #c1lib\na2\nb2: a2\nc2: b2 ~c1lib\nd1: c1",
    [
      { is: "a dependency, named by a label, first", at: "a2", run: "up c2", gives: "+b2 +a1 +b1 +c1 +c2" },
      { is: "back to a dependency", at: "c2 d1", run: "down c1", gives: "-d1" },
      { is: "back below a dependency", at: "c2 d1", run: "down b1", gives: "-d1 -c2 -c1" },
      { is: "a step down from what has a dependency", at: "c2", run: "down -1", gives: "-c2" },
      { is: "heads, one only depended on", at: "", run: "up heads", gives: "+a2 +b2 +a1 +b1 +c1 +c2 +d1" },
    ],
  ],
  [
    "a1\na2: a1\na3: a2 ~b1\nb1\nb2: b1 ~a2\nb3: b2",
    [
      { is: "dependencies that cross", at: "a3 b2", run: "down b1", gives: "-b2" },
      { is: "up by dependencies that cross", at: "", run: "up a3", gives: "+a1 +a2 +b1 +a3" },
    ],
  ],
  [
    "a1\na2: a1\na3: a2\nb1\nb2: b1 ~a3\nb3: b2\nb4: b3 ~a3",
    [{ is: "two that depend on one", at: "b4", run: "down b3", gives: "-b4" }],
  ],
  [
    "a1\na2: a1 ~a1",
    [
      { is: "a dependency on the parent, up", at: "", run: "up a2", gives: "+a1 +a2" },
      { is: "a dependency on the parent, down", at: "a2", run: "down a1", gives: "-a2" },
    ],
  ],
  [
    "a1\nb1 ~a1\nm: a1 b1",
    [
      { is: "a base that depends on another chain", at: "a1", run: "up b1", gives: "+b1" },
      { is: "a merge with what one side depends on", at: "m", run: "down a1", gives: "-m" },
      { is: "a merge with the side that depends", at: "m", run: "down b1", gives: "-m" },
    ],
  ],
  [
    "3f9a\n3f00: 3f9a\nbeef: 3f00",
    [
      { is: "a prefix of any length", at: "", run: "up b", gives: "+3f9a +3f00 +beef" },
      {
        is: "a prefix of several",
        at: "",
        run: "up 3f",
        gives: "revision-ambiguous",
        differs: "Alembic says of this one too that it cannot locate the revision",
      },
    ],
  ],
];

for (const [drawing, cases] of GRAPHS) {
  const g = graph(drawing);
  for (const { is, at: tips, run, gives, differs } of cases) {
    const where = tips === "" ? "nothing" : tips;
    Deno.test(`conformance: ${is}: \`${run}\` at ${where}${differs === undefined ? "" : " (differs)"}`, () => {
      const applied = at(g, tips);
      const [verb, ...specs] = words(run);
      const plan = () =>
        verb === "up"
          ? planUpgrade(g, applied, resolveUp(specs.map(parseSpec), g, applied))
          : planDowngrade(g, applied, resolveDown(parseSpec(specs[0]!), g, applied));
      assertEquals(outcome(plan), gives);
    });
  }
}

function outcome(plan: () => Parameters<typeof drawn>[0]): string {
  try {
    return drawn(plan());
  } catch (error) {
    if (error instanceof MigError) return error.code;
    throw error;
  }
}
