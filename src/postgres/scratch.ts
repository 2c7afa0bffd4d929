/**
 * Databases to throw away on a real server, for the shadow. Each has a random name and a comment that says whose it is; the
 * session that made it holds a lock for as long as it is in use, so that what a killed run has left can be told from what
 * another one works with, and is dropped by the next.
 */

import { createHash, randomBytes } from "node:crypto";
import type { Scratch, ScratchSource } from "../engine/shadow/scratch.ts";
import { QueryError, type Session } from "../engine/database.ts";
import { MigError } from "../error.ts";
import { quoteIdentifier, quoteLiteral } from "../sql/quote.ts";
import { openPostgres } from "./database.ts";
import type { ConnectionParameters } from "./parameters.ts";

/**
 * A server as a source of databases to throw away.
 *
 * @param parameters of a database there, which is only used to make others from
 */
export function serverScratches(
  parameters: ConnectionParameters,
  warn: (message: string) => void,
): ScratchSource {
  const home = openPostgres(parameters, warn);
  return {
    kind: "server",
    // It has no snapshots, so nothing depends on it.
    fingerprint: "server",
    async open(): Promise<Scratch> {
      const session = await home.connect();
      try {
        await dropLeftovers(session);
        const name = `${PREFIX}${randomBytes(6).toString("hex")}`;
        await create(session, name, home.description);
        return {
          database: openPostgres({ ...parameters, database: name }, warn),
          snapshot: null,
          async close() {
            await session.send(dropSql(name)).catch(() => {});
            await session.close();
          },
        };
      } catch (error) {
        await session.close();
        throw error;
      }
    },
  };
}

const PREFIX = "mig_shadow_";

/** By this, and its name, mig knows again what it has made. Locks are those of the database that is named. */
function commentIn({ server }: Session): string {
  return `A shadow of mig's, to be thrown away; made from the database ${quoteIdentifier(server.database)}`;
}

async function create(session: Session, name: string, description: string): Promise<void> {
  try {
    await session.send(`select pg_catalog.pg_advisory_lock(${lockOf(name)})`);
    await session.send(`create database ${quoteIdentifier(name)} template template0`);
    await session.send(`comment on database ${quoteIdentifier(name)} is ${quoteLiteral(commentIn(session))}`);
  } catch (error) {
    if (!(error instanceof QueryError) || error.report === null) throw error;
    throw new MigError(
      error.report.sqlstate === "42501" ? "permission-denied" : "sql-failed",
      `cannot make a scratch database on ${description}: ${error.report.message}`,
      {
        server: error.report,
        cause: error,
        hint: [
          `give the role the right to: alter role ${quoteIdentifier(session.server.user)} createdb`,
          "or leave --shadow-url and the setting shadow_url out: the shadow is then embedded, and needs no server",
        ],
      },
    );
  }
}

/** Drops what killed runs have left: by name, comment and owner mig's own, and held by nobody. */
async function dropLeftovers(session: Session): Promise<void> {
  const { rows } = await session.send(`
    select d.datname as name from pg_catalog.pg_database d
     where d.datname ~ '^${PREFIX}[0-9a-f]{12}$' and d.datdba = current_user::regrole
       and pg_catalog.shobj_description(d.oid, 'pg_database') = ${quoteLiteral(commentIn(session))}`);
  for (const { name } of rows) {
    const lock = lockOf(name!);
    const { rows: [free] } = await session.send(`select pg_catalog.pg_try_advisory_lock(${lock}) as taken`);
    if (free!.taken !== "t") continue;
    // Another run may have been quicker.
    await session.send(dropSql(name!)).catch(() => {});
    await session.send(`select pg_catalog.pg_advisory_unlock(${lock})`);
  }
}

function dropSql(name: string): string {
  return `drop database if exists ${quoteIdentifier(name)} with (force)`;
}

function lockOf(name: string): bigint {
  return createHash("sha256").update(name).digest().readBigInt64BE(0);
}
