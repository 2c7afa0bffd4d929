/** A database of a test's own, on the server that all tests share. */

import postgres from "postgres";
import { TestServer } from "./server.ts";

/** A fresh database; disposing of it drops it, whoever is connected. */
export class TestDatabase implements AsyncDisposable {
  readonly #sql: postgres.Sql;

  constructor(readonly url: string, readonly name: string) {
    this.#sql = connect(url);
  }

  /** Runs SQL over a connection of the test's own. */
  // deno-lint-ignore no-explicit-any -- rows are whatever the test asks for
  async query<Row = any>(sql: string): Promise<Row[]> {
    return [...await this.#sql.unsafe(sql)] as Row[];
  }

  /** The first value that a query returns, as text; null where there is none. */
  async text(sql: string): Promise<string | null> {
    const [row] = await this.#sql.unsafe(sql);
    const value: unknown = row === undefined ? null : Object.values(row)[0];
    return value === null || value === undefined ? null : String(value);
  }

  /** Another session, which can hold locks. */
  session(): postgres.Sql {
    return connect(this.url);
  }

  /** The ids in the version table, in the order in which they were applied; none where there is no such table. */
  async applied(table = "public.mig_version"): Promise<string[]> {
    const [row] = await this.query<{ there: boolean }>(`select to_regclass('${table}') is not null as there`);
    if (!row!.there) return [];
    return (await this.query<{ id: string }>(`select id from ${table} order by seq`)).map(({ id }) => id);
  }

  /** Everything in the schema public but the version table, as text that is equal for equal schemas. */
  async schema(): Promise<string> {
    return await this.text(SCHEMA) ?? "";
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sql.end({ timeout: 1 });
    await admin(`drop database if exists "${this.name}" with (force)`);
  }
}

/** Makes a database. */
export async function freshDatabase(): Promise<TestDatabase> {
  const name = `mig_test_${crypto.randomUUID().replaceAll("-", "").slice(0, 16)}`;
  await admin(`create database "${name}"`);
  return new TestDatabase(withDatabase(await serverUrl(), name), name);
}

/** The URL of the shared server: of MIG_TEST_DATABASE_URL, of the one that the test runner started, or of one started now. */
export async function serverUrl(): Promise<string> {
  const given = Deno.env.get("MIG_TEST_DATABASE_URL") || Deno.env.get("MIG_TEST_SERVER");
  if (given) return given;
  ownServer ??= TestServer.start().then((server) => {
    globalThis.addEventListener("unload", () => {
      const pid = Number(Deno.readTextFileSync(`${server.folder}/data/postmaster.pid`).split("\n")[0]);
      Deno.kill(pid, "SIGKILL");
      Deno.removeSync(server.folder, { recursive: true });
    });
    return server.url();
  });
  return await ownServer;
}

let ownServer: Promise<string> | undefined;

function withDatabase(url: string, name: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${name}`;
  return parsed.href;
}

async function admin(statement: string): Promise<void> {
  const sql = connect(await serverUrl());
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

function connect(url: string): postgres.Sql {
  return postgres(url, { max: 1, onnotice: () => {}, connection: { application_name: "mig test" } });
}

/** Asks for everything in the schema public but the version table, as text that is equal for equal schemas. */
export const SCHEMA = `
  select string_agg(line, E'\\n' order by line) as text from (
    select format('%s %s.%s %s %s %s', c.relkind, c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                  a.attnotnull, pg_get_expr(d.adbin, d.adrelid)) as line
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'c', 'S') and c.relname not like 'mig\\_version%'
    union all
    select format('index %s %s valid=%s', c.relname, pg_get_indexdef(i.indexrelid), i.indisvalid)
      from pg_index i join pg_class c on c.oid = i.indexrelid
     where c.relnamespace = 'public'::regnamespace and c.relname not like 'mig\\_version%'
    union all
    select format('constraint %s on %s %s', conname, conrelid::regclass, pg_get_constraintdef(oid))
      from pg_constraint where connamespace = 'public'::regnamespace and conrelid::regclass::text not like 'mig\\_version%'
    union all
    select format('function %s', pg_get_functiondef(oid)) from pg_proc where pronamespace = 'public'::regnamespace and prokind in ('f', 'p')
    union all
    select format('trigger %s', pg_get_triggerdef(t.oid)) from pg_trigger t join pg_class c on c.oid = t.tgrelid
     where not tgisinternal and c.relnamespace = 'public'::regnamespace
    union all
    select format('view %s %s', relname, pg_get_viewdef(oid)) from pg_class where relkind in ('v', 'm') and relnamespace = 'public'::regnamespace
    union all
    select format('enum %s %s', t.typname, string_agg(e.enumlabel, ',' order by e.enumsortorder))
      from pg_type t join pg_enum e on e.enumtypid = t.oid where t.typnamespace = 'public'::regnamespace group by t.typname
  ) as lines`;
