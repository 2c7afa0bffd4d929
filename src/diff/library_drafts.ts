/** The library's actions, without what is not needed. */

import type { Action } from "@supabase/pg-delta/plan";
import type { StableId } from "@supabase/pg-delta/core";
import { pathKey, type StoredCatalog } from "./catalog.ts";
import type { Draft } from "./draft.ts";
import { withAllParents } from "./inheritance.ts";
import { lossOfDrop, lossOfType } from "./loss.ts";
import { objectOf, pathOf } from "./object_name.ts";
import { refusalOfColumn, refusalOfEnum, refusalOfType } from "./refusal.ts";
import { asSerial, plainIdentity, plainSequence } from "./sequences.ts";
import { isAssignable } from "./type_change.ts";

/** The statements of a plan. */
export function libraryDrafts(actions: readonly Action[], from: StoredCatalog, to: StoredCatalog): Draft[] {
  const drafts = actions.flatMap((action, i) => {
    if (isNeedlessRevoke(action, actions[i + 1], from, to) || isGivenComment(action, from, to)) return [];
    const sql = neededSql(action, from, to);
    return sql === null ? [] : [draftOf(action, sql, from, to)];
  });
  return asSerial(defaultsAfterTypes(drafts));
}

/** The library takes everything away before it grants; where there is nothing yet, that is not needed. */
function isNeedlessRevoke(
  action: Action,
  next: Action | undefined,
  from: StoredCatalog,
  to: StoredCatalog,
): boolean {
  const [, on, role] = /^REVOKE ALL(?: \([^)]*\))? ON ([^]*) FROM ([^]*)$/.exec(action.sql) ?? [];
  if (on === undefined || !(next?.sql.startsWith("GRANT ") && next.sql.includes(` ON ${on} TO ${role}`))) {
    return false;
  }
  const acl = [...next.produces, ...action.produces].find((id) => id.kind === "acl");
  if (acl?.kind !== "acl" || from.facts.has(acl)) return false;
  const hasDefaults = [from, to].some(({ facts }) =>
    facts.facts().some(({ id }) => id.kind === "defaultPrivilege")
  );
  return from.facts.has(acl.target) || !hasDefaults;
}

/** An extension brings its comment along. */
function isGivenComment({ produces: [id] }: Action, from: StoredCatalog, to: StoredCatalog): boolean {
  if (id?.kind !== "comment" || id.target.kind !== "extension" || from.facts.has(id.target)) return false;
  return to.facts.get(id)?.payload["text"] === to.extensionComments.get(id.target.name);
}

/** Each default once, and after the type for which it is meant. */
function defaultsAfterTypes(drafts: readonly Draft[]): Draft[] {
  const last = new Map(drafts.map((draft, i) => [draft.sql, i]));
  const result = drafts.filter(({ sql }, i) => !sql.includes(" SET DEFAULT ") || last.get(sql) === i);
  for (const draft of result.filter(({ sql }) => sql.includes(" SET DEFAULT "))) {
    const column = draft.sql.slice(0, draft.sql.indexOf(" SET DEFAULT "));
    const from = result.indexOf(draft);
    const to = result.findIndex(({ sql }) => sql.startsWith(`${column} TYPE `));
    if (to > from) result.splice(to, 0, ...result.splice(from, 1));
  }
  return result;
}

function draftOf(action: Action, sql: string, from: StoredCatalog, to: StoredCatalog): Draft {
  const subject = subjectOf(action);
  const object = objectOf(subject);
  const isPart = "target" in subject || subject.kind === "default";
  const isDrop = action.verb === "drop" && !isPart;
  const retyped = typeChange(action, from, to);
  return {
    sql,
    // A comment, a grant or a default is something that is said of an object.
    verb: isPart ? "alter" : action.verb,
    object,
    loss: isDrop
      ? lossOfDrop(subject, from)
      : retyped === null
      ? null
      : lossOfType(object.name, retyped.from, retyped.to),
    refusal: retyped === null
      ? refusalOfColumn(action, subject, from, to) ?? refusalOfEnum(action, subject, from, to)
      : refusalOfType(object.name, retyped.from, retyped.to),
    outsideTransaction: action.transactionality === "nonTransactional",
    produces: retyped === null
      ? action.produces.filter((id) => !("target" in id)).map(pathOf)
      : [[...pathOf(subject), "type"]],
  };
}

/** What an action is about. */
function subjectOf({ produces, destroys, consumes }: Action): StableId {
  return produces[0] ?? destroys[0] ?? consumes[0]!;
}

/** The statement of an action; null where nothing needs it. */
function neededSql(action: Action, from: StoredCatalog, to: StoredCatalog): string | null {
  const { sql } = action;
  const subject = subjectOf(action);
  if (subject.kind === "column" && action.verb === "alter" && / DROP DEFAULT$/.test(sql)) {
    const id: StableId = { ...subject, kind: "default" };
    if (!from.facts.has(id)) return null;
    const [old, wanted] = [from, to].map(({ facts }) => facts.get(subject)?.payload["type"]);
    // PostgreSQL casts the default with the column.
    if (to.facts.has(id) && isAssignable(String(old), String(wanted))) return null;
  }
  const retyped = typeChange(action, from, to);
  if (retyped !== null && isAssignable(retyped.from, retyped.to)) return sql.replace(/ USING [^]*$/, "");
  if (action.verb !== "create") return sql;
  switch (subject.kind) {
    case "function":
    case "procedure":
      return from.facts.has(subject) ? sql : sql.replace(/^CREATE OR REPLACE /, "CREATE ");
    case "sequence":
      return plainSequence(sql);
    case "table":
      return plainIdentity(withAllParents(sql, to.inherited.parents.get(pathKey(pathOf(subject))) ?? []));
    case "column":
      return plainIdentity(sql);
    default:
      return sql;
  }
}

/** The types between which a column changes. */
function typeChange(
  action: Action,
  from: StoredCatalog,
  to: StoredCatalog,
): { readonly from: string; readonly to: string } | null {
  const id = action.consumes.find(({ kind }) => kind === "column");
  // An enum that is made anew takes the columns of its type along, by way of their text.
  if (id?.kind !== "column" || action.verb !== "alter" || subjectOf(action).kind !== "column") return null;
  const prefix = `ALTER COLUMN "${id.name.replaceAll('"', '""')}" TYPE `;
  if (!action.sql.includes(prefix)) return null;
  const [old, wanted] = [from, to].map(({ facts }) => facts.get(id)?.payload["type"]);
  return old === undefined || wanted === undefined ? null : { from: String(old), to: String(wanted) };
}
