import { assertEquals } from "@std/assert";
import { MigError } from "../../../src/error.ts";
import type { AppliedRevision } from "../../../src/revision/applied.ts";
import { findDrift, type Finding, findIrreversible } from "../../../src/revision/drift.ts";
import type { RevisionGraph } from "../../../src/revision/graph.ts";
import { graph, rowsOf, words } from "./graph_literal.ts";

function row(id: string, seq: number, changes: Partial<AppliedRevision> = {}): AppliedRevision {
  return {
    id,
    seq,
    parents: [],
    dependsOn: [],
    labels: [],
    reversible: true,
    message: `make ${id}`,
    upChecksum: `sum of ${id}`,
    appliedAt: "2026-11-23T08:00:00Z",
    appliedBy: "deploy",
    durationMs: 12,
    unfinished: null,
    ...changes,
  };
}

function findings(g: RevisionGraph, rows: readonly AppliedRevision[]): string[] {
  return findDrift(g, rows, ({ id }) => `sum of ${id}`).map(inOneLine);
}

function applied(ids: string): AppliedRevision[] {
  return words(ids).map((id, i) => row(id, i + 1));
}

function inOneLine(finding: Finding): string {
  switch (finding.kind) {
    case "edited":
    case "unreadable":
    case "irreversible":
      return `${finding.kind} ${finding.revision.id}`;
    case "not-here":
      return `not-here ${finding.applied.id}`;
    case "unfinished":
      return `unfinished ${finding.applied.id} ${finding.applied.unfinished?.statementsDone}`;
    case "parent-not-applied":
      return `parent-not-applied ${finding.revision.id}: ${finding.missing.join(" ")}`;
    case "late":
      return `late ${finding.revision.id} ${finding.place} ${finding.other}`;
    case "heads-multiple":
      return `heads-multiple ${finding.heads.map(({ id }) => id).join(" ")}`;
  }
}

const LINE = graph("a\nb: a\nc: b\nd: c");

Deno.test("findDrift() finds nothing where database and folder agree", () => {
  assertEquals(findings(LINE, applied("a b")), []);
  assertEquals(findings(LINE, []), []);
});

Deno.test("findDrift() finds a file that was edited after it was run", () => {
  assertEquals(findings(LINE, [row("a", 1), row("b", 2, { upChecksum: "another" })]), ["edited b"]);
});

Deno.test("findDrift() finds a file that cannot be read, and still tells of the others", () => {
  const error = new MigError("file-failed", "it is gone");
  const found = findDrift(LINE, applied("a b"), ({ id }) => {
    if (id === "a") throw error;
    return "another";
  });
  assertEquals(found.map(({ kind }) => kind), ["unreadable", "edited"]);
  assertEquals(found[0], { kind: "unreadable", revision: LINE.get("a")!, error });
});

Deno.test("findDrift() asks for the checksums of applied revisions only", () => {
  const asked: string[] = [];
  findDrift(LINE, applied("a b"), ({ id }) => (asked.push(id), `sum of ${id}`));
  assertEquals(asked, ["a", "b"]);
});

Deno.test("findDrift() finds a revision that only the database has", () => {
  assertEquals(findings(LINE, applied("a stranger")), ["not-here stranger"]);
});

Deno.test("findDrift() finds a gap from both sides", () => {
  assertEquals(findings(LINE, applied("a d")), [
    "parent-not-applied d: c",
    "late b before d",
    "late c before d",
  ]);
});

Deno.test("findDrift() finds a revision merged late beside what is applied, once, at its fork", () => {
  const g = graph("a\nb: a\nl: a\nl2: l\nm: b l2");
  assertEquals(findings(g, applied("a b")), ["late l beside b"]);
  assertEquals(findings(graph("a\nb: a\nc: a\nl: a"), applied("a c b"))[0], "late l beside b");
});

Deno.test("findDrift() takes a dependency that is not applied for a gap", () => {
  assertEquals(findings(graph("a\nx ~a\ny: x a"), applied("x")), [
    "parent-not-applied x: a",
    "late a before x",
  ]);
});

Deno.test("findDrift() finds an interrupted run and several heads", () => {
  const g = graph("a\nb: a !\nc: a");
  const rows = [row("a", 1, { unfinished: { direction: "up", statementsDone: 3, batchRows: 0 } })];
  assertEquals(findings(g, rows), ["unfinished a 3", "heads-multiple b c"]);
});

Deno.test("findIrreversible() finds what cannot be undone", () => {
  const g = graph("a\nb: a !\nc: a");
  assertEquals(findIrreversible(g, []).map(inOneLine), ["irreversible b"]);
  const rows = rowsOf(graph("a\nb: a"), new Set(["a", "b"]));
  assertEquals(findIrreversible(g, rows).map((finding) => "stored" in finding && finding.stored), [true]);
});
