/** Whether what a statement leaves in the catalog is there: the only witness of one that cannot be in a transaction with its note. */

import { quoteIdentifier, quoteLiteral } from "../sql/quote.ts";
import type { ObjectName, StandaloneEffect } from "../sql/standalone.ts";
import type { Session } from "./database.ts";
import { indexState, type InvalidIndex, reindexLeftovers, relationSql } from "./index_recovery.ts";

/** `unknown` where nothing tells; `half` with the indexes that have to go first, or a detach to be finished. */
export type StandaloneState =
  | { readonly is: "missing" | "done" | "unknown" }
  | { readonly is: "half"; readonly indexes: readonly InvalidIndex[] }
  | { readonly is: "half"; readonly finishSql: string };

/** Asks the catalog how far a statement came. */
export async function standaloneState(
  session: Session,
  effect: StandaloneEffect | null,
): Promise<StandaloneState> {
  switch (effect?.kind) {
    case undefined:
      return { is: "unknown" };
    case "index": {
      const state = await indexState(session, effect.change);
      if (effect.change.kind === "drop") return { is: state === "missing" ? "done" : "missing" };
      return state === "missing"
        ? { is: "missing" }
        : state === "valid"
        ? { is: "done" }
        : { is: "half", indexes: [state] };
    }
    case "reindex": {
      const indexes = await reindexLeftovers(session, effect);
      return indexes.length > 0 ? { is: "half", indexes } : { is: "unknown" };
    }
    case "detach":
      return await detachState(session, effect);
    case "object": {
      const there = await exists(session, effect.of, effect.name);
      return { is: there === (effect.change === "create") ? "done" : "missing" };
    }
  }
}

async function detachState(
  session: Session,
  { table, partition }: { readonly table: ObjectName; readonly partition: ObjectName },
): Promise<StandaloneState> {
  const { rows: [row] } = await session.send(`
    select (select inhdetachpending from pg_catalog.pg_inherits
             where inhrelid = ${relationSql(partition)} and inhparent = ${relationSql(table)}) as pending,
           ${relationSql(partition)} is not null and ${relationSql(table)} is not null as there`);
  if (row!.there !== "t") return { is: "unknown" };
  if (row!.pending === null) return { is: "done" };
  if (row!.pending === "f") return { is: "missing" };
  return {
    is: "half",
    finishSql: `alter table ${written(table)} detach partition ${written(partition)} finalize`,
  };
}

const CATALOGS = {
  database: ["pg_catalog.pg_database", "datname"],
  tablespace: ["pg_catalog.pg_tablespace", "spcname"],
  subscription: ["pg_catalog.pg_subscription", "subname"],
} as const;

async function exists(session: Session, of: keyof typeof CATALOGS, name: string): Promise<boolean> {
  const [catalog, column] = CATALOGS[of];
  const here = of === "subscription"
    ? " and subdbid = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())"
    : "";
  const { rows } = await session.send(
    `select 1 as there from ${catalog} where ${column} = ${quoteLiteral(name)}${here}`,
  );
  return rows.length > 0;
}

function written({ schema, name }: ObjectName): string {
  return [schema, name].filter((part) => part !== undefined).map(quoteIdentifier).join(".");
}
