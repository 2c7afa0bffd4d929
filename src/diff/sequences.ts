/** Sequences as a person would write them: without what they have anyway, and as `serial` where that is what they are. */

import { defaultName } from "./default_name.ts";
import type { Draft } from "./draft.ts";

/** Without the options that a sequence has by default (manual, "CREATE SEQUENCE"). */
export function plainSequence(sql: string): string {
  const [, head, type] = /^(CREATE SEQUENCE .*?) AS (smallint|integer|bigint) /.exec(sql) ?? [];
  if (head === undefined) return sql;
  const options = withoutDefaults(sql.slice(`${head} AS ${type} `.length), type!);
  return [head, ...type === "bigint" ? [] : [`AS ${type}`], ...options === "" ? [] : [options]].join(" ");
}

/** The same in the parentheses of an identity column. */
export function plainIdentity(sql: string): string {
  return sql.replaceAll(
    /\b(smallint|integer|bigint)( GENERATED (?:ALWAYS|BY DEFAULT) AS IDENTITY) \((SEQUENCE NAME "[^)]*?" )?(INCREMENT [^)]*)\)/g,
    (_, type: string, generated: string, name: string | undefined, options: string) => {
      const rest = (name ?? "") + withoutDefaults(options, type);
      return `${type}${generated}${rest === "" ? "" : ` (${rest.trim()})`}`;
    },
  );
}

function withoutDefaults(options: string, type: string): string {
  if (!options.startsWith("INCREMENT BY ") || options.startsWith("INCREMENT BY -")) return options;
  const min = / MINVALUE (-?\d+)/.exec(options)?.[1];
  return ` ${options}`
    .replace(/ INCREMENT BY 1(?= |$)/, "")
    .replace(min === undefined ? /$^/ : new RegExp(` START WITH ${min}(?= |$)`), "")
    .replace(/ MINVALUE 1(?= |$)/, "")
    .replace(` MAXVALUE ${LARGEST[type]}`, "")
    .replace(/ CACHE 1(?= |$)/, "")
    .replace(/ NO CYCLE$/, "")
    .trim();
}

/** `serial` for a sequence that is made with the column whose default it gives. */
export function asSerial(drafts: readonly Draft[]): Draft[] {
  let result = [...drafts];
  for (const draft of drafts) {
    const [, name, type = "bigint"] = /^CREATE SEQUENCE (\S+)(?: AS (smallint|integer))?$/.exec(draft.sql) ??
      [];
    if (name === undefined) continue;
    const owned = result.find(({ sql }) => sql.startsWith(`ALTER SEQUENCE ${name} OWNED BY `));
    const column = owned?.sql.slice(`ALTER SEQUENCE ${name} OWNED BY `.length).split(".");
    if (column?.length !== 3) continue;
    const [schema, table, own] = column.map((part) => part.slice(1, -1));
    if (name !== `"${schema}"."${defaultName(table!, own!, "seq")}"`) continue;
    const clause = `"${own}" ${type} NOT NULL DEFAULT nextval('${draft.object.name}'::regclass)`;
    const at = result.findIndex(({ object, sql }) =>
      object.whole === `${ownerName(draft, table!)}` && sql.includes(clause)
    );
    if (at < 0) continue;
    const { sql } = result[at]!;
    result[at] = { ...result[at]!, sql: sql.replace(clause, () => `"${own}" ${SERIALS[type]}`) };
    result = result.filter((other) => other !== draft && other !== owned);
  }
  return result;
}

/** The table beside a sequence, if neither needs quotes. */
function ownerName(sequence: Draft, table: string): string {
  return sequence.object.name.replace(/[^.]*$/, table);
}

const LARGEST: Readonly<Record<string, string>> = {
  smallint: "32767",
  integer: "2147483647",
  bigint: "9223372036854775807",
};
const SERIALS: Readonly<Record<string, string>> = {
  smallint: "smallserial",
  integer: "serial",
  bigint: "bigserial",
};
