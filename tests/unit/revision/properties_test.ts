/** What must hold for every graph, tried on random ones. A failure names the seed. */

import { assert, assertEquals } from "@std/assert";
import { MigError } from "../../../src/error.ts";
import { findDrift } from "../../../src/revision/drift.ts";
import { RevisionGraph } from "../../../src/revision/graph.ts";
import { planDowngrade, planGoto, planUpgrade, type Step } from "../../../src/revision/plan.ts";
import { planStamp } from "../../../src/revision/stamp.ts";
import { resolve } from "../../../src/revision/resolve.ts";
import type { Revision, RevisionId } from "../../../src/revision/revision.ts";
import { parseSpec } from "../../../src/revision/spec.ts";
import { rowsOf } from "./graph_literal.ts";
import { below, pick, type Random, random, randomRevisions, shuffled, some } from "./random_graph.ts";

/** Runs a property on many random graphs. */
function forGraphs(property: (graph: RevisionGraph, next: Random, revisions: Revision[]) => void): void {
  for (let seed = 1; seed <= 150; seed++) {
    const next = random(seed);
    const revisions = randomRevisions(next, 1 + below(next, 30));
    try {
      property(new RevisionGraph(shuffled(next, revisions)), next, revisions);
    } catch (error) {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : error}`, { cause: error });
    }
  }
}

/** A set of applied revisions that has everything that its members need. */
function closedSet(graph: RevisionGraph, next: Random): ReadonlySet<RevisionId> {
  return graph.ancestors(some(next, graph.order.map(({ id }) => id), 0.2));
}

/** Carries out a plan on a set of ids, and insists that each step may be taken where it stands. */
function carryOut(
  graph: RevisionGraph,
  applied: ReadonlySet<RevisionId>,
  steps: readonly Step[],
): Set<RevisionId> {
  const state = new Set(applied);
  for (const { direction, revision } of steps) {
    const { id, parents, dependsOn } = revision;
    if (direction === "up") {
      assert(!state.has(id), `${id} is applied twice`);
      for (const need of [...parents, ...dependsOn]) assert(state.has(need), `${id} goes up before ${need}`);
      state.add(id);
    } else {
      assert(state.has(id), `${id} goes down and is not applied`);
      const standing = [...graph.children(id), ...graph.dependents(id)].find((other) => state.has(other.id));
      assert(standing === undefined, `${id} goes down from under ${standing?.id}`);
      state.delete(id);
    }
  }
  return state;
}

const sorted = (ids: Iterable<RevisionId>) => [...ids].sort();

Deno.test("property: the order of the input is irrelevant", () => {
  forGraphs((graph, next, revisions) => {
    const again = new RevisionGraph(shuffled(next, revisions));
    for (const list of ["order", "heads", "bases"] as const) {
      assertEquals(again[list].map(({ id }) => id), graph[list].map(({ id }) => id));
    }
  });
});

Deno.test("property: parents and dependencies come before those who need them, and nothing is lost", () => {
  forGraphs((graph, _next, revisions) => {
    assertEquals(sorted(graph.order.map(({ id }) => id)), sorted(revisions.map(({ id }) => id)));
    carryOut(graph, new Set(), graph.order.map((revision) => ({ direction: "up", revision })));
  });
});

Deno.test("property: a planted cycle is always found, and is one", () => {
  forGraphs((graph, next, revisions) => {
    const lower = pick(next, revisions);
    const upper = pick(next, [...graph.descendants([lower.id])]);
    const edge = pick(next, ["parents", "dependsOn"] as const);
    const planted = revisions.map((revision) =>
      revision === lower ? { ...revision, [edge]: [...revision[edge], upper] } : revision
    );
    let found: readonly RevisionId[] = [];
    try {
      new RevisionGraph(shuffled(next, planted));
    } catch (error) {
      assert(error instanceof MigError && error.code === "graph-cycle", String(error));
      found = error.data.cycle as readonly RevisionId[];
      assertEquals(error.locations.length, found.length);
    }
    assert(found.length > 0, "not found");
    for (const [i, id] of found.entries()) {
      const needed = found[(i + 1) % found.length]!;
      const revision = planted.find((other) => other.id === id)!;
      assert([...revision.parents, ...revision.dependsOn].includes(needed), `${id} does not need ${needed}`);
    }
  });
});

Deno.test("property: going up applies the targets with all they need, and planning again is empty", () => {
  forGraphs((graph, next) => {
    const applied = closedSet(graph, next);
    const targets = some(next, graph.order.map(({ id }) => id), 0.2);
    const after = carryOut(graph, applied, planUpgrade(graph, applied, targets));
    assertEquals(sorted(after), sorted(new Set([...applied, ...graph.ancestors(targets)])));
    assertEquals(planUpgrade(graph, after, targets), []);
  });
});

Deno.test("property: going up fills every gap below the targets, whatever is applied", () => {
  forGraphs((graph, next) => {
    const applied = new Set(some(next, graph.order.map(({ id }) => id), 0.5));
    const heads = graph.heads.map(({ id }) => id);
    const steps = planUpgrade(graph, applied, heads);
    assertEquals(applied.size + steps.length, graph.size);
    const order = new Map(graph.order.map(({ id }, i) => [id, i]));
    for (let i = 1; i < steps.length; i++) {
      assert(order.get(steps[i - 1]!.revision.id)! < order.get(steps[i]!.revision.id)!);
    }
  });
});

Deno.test("property: up to the heads, then down to the base leaves nothing", () => {
  forGraphs((graph) => {
    const up = carryOut(graph, new Set(), planUpgrade(graph, new Set(), graph.heads.map(({ id }) => id)));
    assertEquals(up.size, graph.size);
    assertEquals(carryOut(graph, up, planDowngrade(graph, up, { ids: [], branch: null })).size, 0);
  });
});

Deno.test("property: up one revision with what it needs, then down each of those, restores the applied set", () => {
  forGraphs((graph, next) => {
    const applied = closedSet(graph, next);
    const up = planUpgrade(graph, applied, [pick(next, graph.order).id]);
    const after = carryOut(graph, applied, up);
    const back = planGoto(graph, after, applied);
    assertEquals(back.map(({ revision }) => revision.id), up.map(({ revision }) => revision.id).reverse());
    assertEquals(sorted(carryOut(graph, after, back)), sorted(applied));
  });
});

Deno.test("property: going down keeps the target, takes all that follows it, and only that with what needs it", () => {
  forGraphs((graph, next) => {
    const applied = closedSet(graph, next);
    if (applied.size === 0) return;
    const target = pick(next, [...applied]);
    const after = carryOut(graph, applied, planDowngrade(graph, applied, { ids: [target], branch: null }));
    assert(after.has(target));
    for (const { id } of graph.children(target)) assert(!after.has(id));
    const following = graph.descendants(graph.children(target).map(({ id }) => id));
    assertEquals(sorted(after), sorted([...applied].filter((id) => !following.has(id))));
    assertEquals(planDowngrade(graph, after, { ids: [target], branch: null }), []);
  });
});

Deno.test("property: going down on a branch takes no revision that neither is on it nor needs what goes", () => {
  forGraphs((graph, next) => {
    const applied = closedSet(graph, next);
    if (applied.size === 0) return;
    const target = pick(next, [...applied]);
    const branch = graph.lineage(pick(next, [...graph.descendants([target], "parents")]));
    const after = carryOut(graph, applied, planDowngrade(graph, applied, { ids: [target], branch }));
    const gone = [...applied].filter((id) => !after.has(id));
    const roots = graph.children(target).map(({ id }) => id).filter((id) => branch.has(id));
    const needing = graph.descendants(roots);
    for (const id of gone) assert(needing.has(id), `${id} went`);
    for (const id of roots) assert(!after.has(id), `${id} stayed`);
  });
});

Deno.test("property: on the way down each revision has a reason that is true, and depends_on is the last one", () => {
  forGraphs((graph, next) => {
    const applied = closedSet(graph, next);
    if (applied.size === 0) return;
    const target = pick(next, [...applied]);
    const branch = pick(next, [null, graph.lineage(target)]);
    const plan = planDowngrade(graph, applied, { ids: [target], branch });
    const going = new Set(plan.map(({ revision }) => revision.id));
    const roots = graph.children(target).map(({ id }) => id).filter((id) => branch?.has(id) ?? true);
    const following = graph.descendants(roots, "parents");
    for (const { revision: { id, parents, dependsOn }, because } of plan) {
      assert(
        because !== undefined && (going.has(because.id) || because.id === target),
        `${id} has no reason`,
      );
      if (because.edge === "parent") {
        assert(parents.includes(because.id), `${id} does not follow ${because.id}`);
      } else {
        assert(dependsOn.includes(because.id), `${id} does not depend on ${because.id}`);
        assert(!following.has(id), `${id} follows the target and would go anyway`);
      }
    }
  });
});

Deno.test("property: a stamp records what up would apply and down would undo", () => {
  forGraphs((graph, next) => {
    const applied = closedSet(graph, next);
    const target = pick(next, graph.order).id;
    const selection = { ids: [target], branch: null };
    const up = carryOut(graph, applied, planUpgrade(graph, applied, [target]));
    const moved = carryOut(graph, up, planDowngrade(graph, up, selection));
    const { forget, record } = planStamp(graph, rowsOf(graph, applied), [selection], false);
    const stamped = new Set([...applied, ...record.map(({ id }) => id)]);
    for (const { id } of forget) stamped.delete(id);
    assertEquals(sorted(stamped), sorted(moved));
  });
});

Deno.test("property: goto leads from any applied set to exactly what the targets need", () => {
  forGraphs((graph, next) => {
    const applied = closedSet(graph, next);
    const targets = some(next, graph.order.map(({ id }) => id), 0.15);
    const steps = planGoto(graph, applied, targets);
    assertEquals(sorted(carryOut(graph, applied, steps)), sorted(graph.ancestors(targets)));
    const firstUp = steps.findIndex(({ direction }) => direction === "up");
    if (firstUp !== -1) assert(steps.slice(firstUp).every(({ direction }) => direction === "up"));
    const reached = graph.ancestors(targets);
    assertEquals(planGoto(graph, reached, targets), []);
  });
});

Deno.test("property: goto from any applied set to any spec ends where the spec says, or the spec is refused", () => {
  let reached = 0;
  forGraphs((graph, next) => {
    for (let round = 0; round < 30; round++) {
      const applied = closedSet(graph, next);
      const spec = parseSpec(randomSpec(graph, next));
      let ids: readonly RevisionId[];
      try {
        ids = resolve(spec, graph, applied).ids;
      } catch (error) {
        assert(error instanceof MigError, String(error));
        assert(REFUSALS.has(error.code), `${spec.text}: ${error.code}`);
        continue;
      }
      reached++;
      const steps = planGoto(graph, applied, ids);
      assertEquals(sorted(carryOut(graph, applied, steps)), sorted(graph.ancestors(ids)));
    }
  });
  assert(reached > 1000, `only ${reached}`);
});

const REFUSALS = new Set<string>([
  "heads-multiple",
  "walk-too-far",
  "walk-ambiguous",
  "revision-unknown",
  "revision-ambiguous",
]);

function randomSpec(graph: RevisionGraph, next: Random): string {
  const { id } = pick(next, graph.order);
  const anchor = pick(next, [
    id,
    id,
    id.slice(0, 3),
    "head",
    "heads",
    "base",
    "current",
    "",
    "zz",
    "change_3",
  ]);
  const steps = pick(next, ["", "", "+1", "-1", "+2", "-2", "+7", "-7"]);
  const branch = pick(next, [
    "",
    "",
    "",
    `${pick(next, graph.order).id}@`,
    `${[...graph.labels.keys()][0] ?? id}@`,
  ]);
  return anchor + steps === "" ? "head" : branch + anchor + steps;
}

Deno.test("property: on a line, N steps up and N steps down count revisions", () => {
  for (let size = 1; size <= 12; size++) {
    const line = Array.from({ length: size }, (_, i): Revision => ({
      id: `r${i}`,
      parents: i === 0 ? [] : [`r${i - 1}`],
      dependsOn: [],
      labels: [],
      message: "",
      path: "",
      reversible: true,
    }));
    const graph = new RevisionGraph(line);
    for (let done = 0; done <= size; done++) {
      const applied = new Set(line.slice(0, done).map(({ id }) => id));
      for (let steps = 1; steps <= size - done; steps++) {
        const { ids } = resolve(parseSpec(`+${steps}`), graph, applied);
        assertEquals(planUpgrade(graph, applied, ids).length, steps);
      }
      for (let steps = 1; steps <= done; steps++) {
        const target = resolve(parseSpec(`-${steps}`), graph, applied);
        assertEquals(planDowngrade(graph, applied, target).length, steps);
      }
    }
  }
});

Deno.test("property: a closed set with its own checksums shows nothing edited, missing or out of place", () => {
  forGraphs((graph, next) => {
    const applied = closedSet(graph, next);
    const rows = graph.sort(applied).map(({ id, parents, message }, i) => ({
      id,
      seq: i + 1,
      parents,
      dependsOn: [],
      labels: [],
      reversible: true,
      message,
      upChecksum: `sum of ${id}`,
      appliedAt: "2026-11-23T08:00:00Z",
      appliedBy: "deploy",
      durationMs: 1,
      unfinished: null,
    }));
    const kinds = new Set(findDrift(graph, rows, ({ id }) => `sum of ${id}`).map(({ kind }) => kind));
    for (const kind of ["edited", "not-here", "parent-not-applied", "unfinished"] as const) {
      assert(!kinds.has(kind), kind);
    }
    assertEquals(kinds.has("heads-multiple"), graph.heads.length > 1);
  });
});
