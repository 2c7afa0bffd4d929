/** Which statements can share a transaction. */

import type { DifferenceStatement } from "../engine/difference.ts";
import type { Draft } from "./draft.ts";

/**
 * Puts new values of enums first, and whatever may use them into the segment after them: PostgreSQL lets nobody use a value
 * before the transaction that adds it is over (manual, "ALTER TYPE").
 */
export function inSegments(drafts: readonly Draft[]): DifferenceStatement[] {
  const added = drafts.filter(({ sql }) => ADDS_VALUE.test(sql));
  const rest = drafts.filter((draft) => !added.includes(draft));
  const values = added.map(({ sql }) => ADDS_VALUE.exec(sql)![1]!);
  const used = rest.some(({ sql }) => values.some((value) => sql.includes(value)));
  let segment = used ? 1 : 0;
  const statements = added.map((draft) => statement(draft, 0));
  for (const [i, draft] of rest.entries()) {
    if (i > 0 && (draft.outsideTransaction || rest[i - 1]!.outsideTransaction)) segment++;
    statements.push(statement(draft, segment));
  }
  return statements;
}

const ADDS_VALUE = /^ALTER TYPE \S.* ADD VALUE (?:IF NOT EXISTS )?('(?:[^']|'')*')/i;

function statement({ produces: _, ...draft }: Draft, segment: number): DifferenceStatement {
  return { ...draft, segment };
}
