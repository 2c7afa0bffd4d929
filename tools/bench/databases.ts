/** The server of the bench, and a fresh database for every run. */

import postgres from "postgres";
import { TestServer } from "../../tests/support/server.ts";
import type { DatabaseAddress } from "./contestant.ts";

/** A server with PostgreSQL's own settings: flushes are on, and there are as many locks as anybody has. */
export class BenchServer implements AsyncDisposable {
  readonly #sql: postgres.Sql;
  #made = 0;

  private constructor(readonly server: TestServer) {
    this.#sql = postgres(server.url(), { max: 1, onnotice: () => {} });
  }

  static async start(): Promise<BenchServer> {
    // The number of locks follows from the number of connections, so that is PostgreSQL's default too.
    return new BenchServer(await TestServer.start({ fsync: true, settings: { max_connections: "100" } }));
  }

  /** Such as 18.4. */
  async version(): Promise<string> {
    const [row] = await this.#sql<{ version: string }[]>`select current_setting('server_version') as version`;
    return row!.version;
  }

  /** Makes an empty database. */
  async create(): Promise<DatabaseAddress> {
    const name = `bench_${++this.#made}`;
    await this.#sql.unsafe(`create database ${name} template template0`);
    return { host: "127.0.0.1", port: this.server.port, name };
  }

  async drop(database: DatabaseAddress): Promise<void> {
    await this.#sql.unsafe(`drop database if exists ${database.name} with (force)`);
  }

  /** Writes to disk what runs before have left, so that the next one does not pay for it. */
  async settle(): Promise<void> {
    await this.#sql.unsafe("checkpoint");
  }

  /** How many of the chain's tables and added indexes there are, which tells whether a program did its work. */
  async count(database: DatabaseAddress): Promise<{ tables: number; indexes: number }> {
    const sql = postgres(this.server.url(database.name), { max: 1 });
    try {
      const [row] = await sql<{ tables: number; indexes: number }[]>`
        select count(*) filter (where relkind = 'r')::int as tables, count(*) filter (where relkind = 'i')::int as indexes
          from pg_class where relnamespace = 'public'::regnamespace and relname ~ '^item_[0-9]+(_owner)?$'`;
      return row!;
    } finally {
      await sql.end();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sql.end({ timeout: 1 });
    await this.server[Symbol.asyncDispose]();
  }
}
