/** What pg_depend does not know, and what pg_dump or a plain look at users' objects would miss: fingerprints have to see it. */

import { assert, assertEquals } from "@std/assert";
import { openEmbedded } from "../../src/embedded/database.ts";
import { CatalogReader, differingCatalogs, type Fingerprint } from "../../src/engine/shadow/catalog.ts";
import { withSession } from "../../src/engine/with_session.ts";
import { connectOverSocket } from "../../src/postgres/session.ts";

interface Change {
  readonly before: string;
  readonly change: string;
  /** The catalog whose rows tell. */
  readonly in: string;
}

const SIZE = "create type size as (w integer, h integer); ";
const MOOD = "create type mood as enum ('sad'); ";

const CHANGES: Readonly<Record<string, Change>> = {
  "an attribute of a type in a row of a view": {
    before: `${SIZE}create view v as select row(1, 2)::size as s`,
    change: "alter type size drop attribute h",
    in: "pg_rewrite",
  },
  "an attribute of a type in a default": {
    before: `${SIZE}create table t (s size default '(1,2)')`,
    change: "alter type size drop attribute h",
    in: "pg_attrdef",
  },
  "an attribute of a type in a check": {
    before: `${SIZE}create table t (s size check (s <> row(0, 0)::size))`,
    change: "alter type size drop attribute h",
    in: "pg_constraint",
  },
  "an attribute of a type in the predicate of an index": {
    before: `${SIZE}create table t (s size); create index i on t (s) where s <> '(0,0)'::size`,
    change: "alter type size drop attribute h",
    in: "pg_index",
  },
  "an attribute of a type that a function returns": {
    before: `${SIZE}create function f() returns setof size language sql as 'select null::size';
      create view v as select count(*) as n from f() f`,
    change: "alter type size drop attribute h",
    in: "pg_rewrite",
  },
  "a value of an enum in a row": {
    before: `${MOOD}create type c as (m mood, i integer);
      create function f(s c default '(sad,1)') returns integer language sql return 1`,
    change: "alter type mood rename value 'sad' to 'blue'",
    in: "pg_proc",
  },
  "a table's name in an array": {
    before:
      "create table a (i integer); create view v as select relname from pg_class where oid = any ('{a}'::regclass[])",
    change: "alter table a rename to b",
    in: "pg_rewrite",
  },
  "a table's name in the bounds of a partition": {
    before:
      "create table a (i integer); create table p (r regclass) partition by list (r); create table p1 partition of p for values in ('a')",
    change: "alter table a rename to b",
    in: "pg_class",
  },
  "a type's name in an empty array": {
    before: `${MOOD}create view v as select cardinality(array[]::mood[]) as n`,
    change: "alter type mood rename to feeling",
    in: "pg_rewrite",
  },
  "a type's name in JSON_VALUE": {
    before: `${MOOD}create view v as select json_value('{}'::jsonb, '$.a' returning mood) is null as n`,
    change: "alter type mood rename to feeling",
    in: "pg_rewrite",
  },
  "a sequence's name in a domain's default": {
    before: "create sequence s; create domain d as integer default nextval('s')",
    change: "alter sequence s rename to s2",
    in: "pg_type",
  },
  "rights on the schema public": {
    before: "",
    change: "revoke usage on schema public from public",
    in: "pg_namespace",
  },
  "a comment on the schema public": {
    before: "",
    change: "comment on schema public is 'ours'",
    in: "pg_description",
  },
  "an option of a table's TOAST": {
    before: "create table t (x text)",
    change: "alter table t set (toast.autovacuum_enabled = false)",
    in: "pg_class",
  },
  "the statistics of an index": {
    before: "create table t (x text); create index i on t (lower(x))",
    change: "alter index i alter column 1 set statistics 500",
    in: "pg_attribute",
  },
  "the triggers of a foreign key": {
    before: "create table t (i integer primary key); create table u (i integer references t)",
    change: "alter table u disable trigger all",
    in: "pg_class",
  },
  "rights on a function that comes with PostgreSQL": {
    before: "create role watcher",
    change: "grant execute on function pg_catalog.pg_stat_reset() to watcher",
    in: "pg_proc",
  },
  "rights on a table that comes with PostgreSQL": {
    before: "",
    change: "grant select on pg_catalog.pg_authid to public",
    in: "pg_class",
  },
  "rights on a language": {
    before: "",
    change: "revoke usage on language plpgsql from public",
    in: "pg_language",
  },
  "a comment on an extension that comes with PostgreSQL": {
    before: "",
    change: "comment on extension plpgsql is 'x'",
    in: "pg_description",
  },
  "rights on the database": {
    before: "",
    change: "do $$ begin execute format('grant create on database %I to public', current_database()); end $$",
    in: "database",
  },
  "a comment on a role": { before: "create role clerk", change: "comment on role clerk is 'x'", in: "roles" },
  "how one is member of a role": {
    before: "create role boss; create role aide; grant boss to aide",
    change: "grant boss to aide with admin option",
    in: "roles",
  },
  "a setting of all roles": { before: "", change: "alter role all set lock_timeout = '7s'", in: "settings" },
};

const cacheDir = await Deno.makeTempDir({ prefix: "mig-catalog-" });
globalThis.addEventListener("unload", () => Deno.removeSync(cacheDir, { recursive: true }));

Deno.test("a fingerprint sees what dependencies do not tell, whether it follows the changes or reads everything", async () => {
  const embedded = openEmbedded({ dataDir: null, cacheDir, connectSession: connectOverSocket });
  try {
    const reader = new CatalogReader();
    const read = (since: Fingerprint | null) =>
      withSession(embedded, {}, (session) => reader.fingerprint(session, since));
    for (const [at, [name, { before, change, in: catalog }]] of Object.entries(CHANGES).entries()) {
      // Each in a schema of its own, since what the others have made stays.
      const run = (sql: string) =>
        withSession(embedded, {}, (session) => session.run(`set search_path = s${at}, pg_catalog; ${sql}`));
      await run(`create schema s${at}; ${before}`);
      const start = await read(null);
      await run(change);
      const [followed, whole] = [await read(start), await read(null)];
      assertEquals(differingCatalogs(followed, whole), [], name);
      assert(
        differingCatalogs(start, whole).includes(catalog),
        `${name}: ${differingCatalogs(start, whole)}`,
      );
    }
  } finally {
    await embedded.close();
  }
});

Deno.test("a fingerprint does not depend on the order in which roles were named, and needs no schema public", async () => {
  const embedded = openEmbedded({ dataDir: null, cacheDir, connectSession: connectOverSocket });
  try {
    const reader = new CatalogReader();
    const read = () => withSession(embedded, {}, (session) => reader.fingerprint(session, null));
    const run = (sql: string) => withSession(embedded, {}, (session) => session.run(sql));
    await run(
      `create role a; create role b; create role c; grant a to c; grant b to c; create table t (i integer);
      create policy p on t to a, b`,
    );
    const start = await read();
    await run(
      "revoke a, b from c; grant b to c; grant a to c; drop policy p on t; create policy p on t to b, a",
    );
    assertEquals(differingCatalogs(start, await read()), []);
    await run("alter schema public rename to old");
    assert(differingCatalogs(start, await read()).includes("pg_namespace"));
  } finally {
    await embedded.close();
  }
});
