/** Drafts that have to do away with what repeatable scripts make, such as a view that reads a column whose type changes. */

import { oneLine } from "../difference_text.ts";
import type { MadeObject } from "../../sql/made_objects.ts";
import type { DifferenceStatement } from "../difference.ts";
import type { PreparedRepeatable } from "../repeatable_scripts.ts";

/**
 * The statements for a file. What a script makes is dropped IF EXISTS, since on a new database the scripts are applied after all
 * revisions, and is not made again: `mig up` applies a script of which something is missing.
 */
export function sparingScripts(
  statements: readonly DifferenceStatement[],
  scripts: readonly PreparedRepeatable[] = [],
): readonly DifferenceStatement[] {
  const makerOf = ({ object }: DifferenceStatement) =>
    scripts.find(({ made }) => made.some((one) => isThat(one, object.name)));
  const dropped = new Set(
    statements.filter((statement) => statement.verb === "drop" && makerOf(statement) !== undefined)
      .map(({ object }) => object.name),
  );
  return statements.flatMap((statement) => {
    const { verb, object, sql } = statement;
    if (!dropped.has(object.whole)) return [statement];
    if (verb !== "drop") return [];
    const note = oneLine(`-- made again by ${makerOf(statement)!.path}`);
    return [{ ...statement, sql: `${note}\n${sql.replace(DROP, "$1 if exists ")}` }];
  });
}

const DROP = /^(drop (?:materialized view|view|function|procedure|aggregate)) (?!if exists)/;

/** @param name `public.users`, `public."Users"`, `public.hello(who text)` */
function isThat({ schema, name: made }: MadeObject, name: string): boolean {
  const [, qualifier, last] =
    /^(?:("(?:[^"]|"")*"|[^".(]+)\.)?("(?:[^"]|"")*"|[^".(]+)(?:\(.*)?$/s.exec(name) ?? [];
  return last !== undefined && unquoted(last) === made &&
    (schema === null || qualifier === undefined || unquoted(qualifier) === schema);
}

function unquoted(identifier: string): string {
  return identifier.startsWith('"') ? identifier.slice(1, -1).replaceAll('""', '"') : identifier;
}
