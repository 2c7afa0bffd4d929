/** Plans how one catalog becomes another: the library's plan, with what it does not know. */

import type { FactBase } from "@supabase/pg-delta/core";
import { type Plan, plan } from "@supabase/pg-delta/plan";
import {
  type Difference,
  type Rename,
  RENAME_KINDS,
  type RenameCandidate,
  type RenameKind,
  type Unexpressed,
} from "../engine/difference.ts";
import { MigError } from "../error.ts";
import type { StoredCatalog } from "./catalog.ts";
import { setAside } from "./set_aside.ts";
import type { Draft } from "./draft.ts";
import { prepareFacts } from "./facts.ts";
import { moveTables } from "./inheritance.ts";
import { laidOut } from "./layout.ts";
import { libraryDrafts } from "./library_drafts.ts";
import { objectOf } from "./object_name.ts";
import { renamedObject, renameStatement } from "./rename.ts";
import { inSegments } from "./segments.ts";
import { styled } from "./style.ts";
import { tableDrops } from "./table_drops.ts";
import { unmodelledDrafts } from "./unmodelled_drafts.ts";
import { wholeTables } from "./whole_tables.ts";

/** Plans a difference. */
export function planDifference(from: StoredCatalog, to: StoredCatalog): Difference {
  const wanted = prepareFacts(to, from, from.owner);
  const moved = moveTables(from, to, prepareFacts(from, to, from.owner), wanted);
  const { facts, cannot } = setAside(moved.facts, wanted);
  const planned = planOrTell(moved.facts, facts, [from, to].flatMap(({ roles, owner }) => [...roles, owner]));
  const taken = [from, to].some(({ facts }) =>
    facts.facts().some(({ id }) => "name" in id && /_old$/.test(id.name))
  );
  const setAsideName = (sql: string) => taken ? sql : sql.replaceAll(/__pgdelta_replaced(?=")/g, "_old");
  const library = libraryDrafts(tableDrops(wholeTables(planned.actions, facts), moved.facts), from, to);
  const unmodelled = unmodelledDrafts(from, to, library);
  const drafts = [
    ...from.renames.map(renameDraft),
    ...moved.before,
    ...unmodelled.before,
    ...library,
    // What a table is told by itself it has to be told before it is a partition.
    ...unmodelled.after,
    ...moved.after,
  ];
  const statements = inSegments(drafts).map((statement) => ({
    ...statement,
    sql: laidOut(styled(setAsideName(statement.sql))),
  }));
  return {
    statements,
    cannot: [...moved.cannot, ...cannot, ...validityOf(from, to)],
    candidates: candidatesOf(planned),
    roles: to.roles.filter((role) => !from.roles.includes(role)),
  };
}

/** Indexes that are valid on one side alone: what makes them so is no change of the schema. */
function validityOf(from: StoredCatalog, to: StoredCatalog): Unexpressed[] {
  const [before, after] = [from, to].map(({ invalidIndexes }) => new Set(invalidIndexes));
  const inBoth = (name: string) =>
    [from, to].every(({ facts }) =>
      facts.facts().some(({ id }) => id.kind === "index" && objectOf(id).name === name)
    );
  return [...before!.symmetricDifference(after!)].filter(inBoth).map((name) => ({
    object: { kind: "index", name, whole: name },
    reason: `it is not valid in the ${
      before!.has(name) ? "first" : "second"
    }, where a CREATE INDEX CONCURRENTLY has \
failed: \`reindex index concurrently ${name}\` there makes it anew`,
  }));
}

/** The library refuses what it knows that it cannot plan. */
function planOrTell(from: FactBase, to: FactBase, assumedRoles: readonly string[]): Plan {
  try {
    return plan(from, to, { scope: "database", renames: "prompt", assumedRoles: [...assumedRoles] });
  } catch (cause) {
    if (!(cause instanceof Error) || cause.name !== "Error") throw cause;
    throw new MigError("not-proven", `cannot find the way from one schema to the other: ${cause.message}`, {
      cause,
      hint: [
        'take that step by hand, in a revision of its own (`mig new "…"`), and compare again',
        "nothing was written or changed",
      ],
    });
  }
}

function renameDraft(rename: Rename): Draft {
  const sql = renameStatement(rename);
  return {
    sql,
    verb: "rename",
    object: renamedObject(rename),
    loss: null,
    refusal: null,
    outsideTransaction: false,
    produces: [],
  };
}

function candidatesOf({ renameCandidates }: Plan): RenameCandidate[] {
  return renameCandidates.flatMap(({ from, to, status }) => {
    const { kind, name } = objectOf(from);
    if (!("name" in to) || !RENAME_KINDS.includes(kind as RenameKind)) return [];
    return [{
      kind: kind as RenameKind,
      from: name,
      to: to.name,
      likeness: status === "unambiguous" ? "alike" as const : "similar" as const,
    }];
  });
}
