/** Fingerprints that only read what has changed: each has to be the one that reads all. */

import { assert, assertEquals } from "@std/assert";
import { openEmbedded } from "../../src/embedded/database.ts";
import { CatalogReader, differingCatalogs, type Fingerprint } from "../../src/engine/shadow/catalog.ts";
import type { Database } from "../../src/engine/database.ts";
import { withSession } from "../../src/engine/with_session.ts";
import { connectOverSocket } from "../../src/postgres/session.ts";
import { MANY_KINDS } from "../support/many_kinds.ts";

const cacheDir = await Deno.makeTempDir({ prefix: "mig-catalog-" });
globalThis.addEventListener("unload", () => Deno.removeSync(cacheDir, { recursive: true }));

/** Uses of one thing by others: what they say of it changes with it, and their own rows do not. */
const USES = `create schema app; create type app.size as (w integer, h integer); create role clerk;
  create function app.area(s app.size) returns integer immutable language sql begin atomic select (s).w * (s).h; end;
  create table app.boxes (id serial primary key, size app.size, mood mood default 'sad', mail email,
    note text collate "C", check ((size).w > 0), exclude using btree (id with =));
  create index boxes_area on app.boxes (app.area(size)) where mood = 'ok';
  create index boxes_size on app.boxes using hash (size);
  create table app.labels (box integer references app.boxes, text text, constraint one unique (box, text));
  create view app.big as select b.id, app.area(b.size) as area, l.* from app.boxes b join app.labels l on l.box = b.id;
  create materialized view app.bigger as select * from app.big where area > 9;
  create policy clerks on app.boxes to clerk using (mood <> 'sad' and app.area(size) > 1);
  create trigger moody before update on app.boxes for each row when (old.mood = 'ok') execute function touched();
  create rule quiet as on delete to app.labels where old.box = 1 do instead nothing;
  create statistics app.pairs on id, mail from app.boxes;
  create publication news for table app.boxes (id, note) where (id > 1);
  create function app.alike(a app.size, b app.size) returns boolean language sql return (a).w = (b).w;
  create operator app.=== (leftarg = app.size, rightarg = app.size, function = app.alike);
  create view app.same as select a.id from app.boxes a join app.boxes b on a.size operator(app.===) b.size;
  create domain app.little as email check (length(value) < 9); create sequence app.numbers;
  create table app.parts (x integer, y app.size) partition by range (x, app.area(y));
  create table app.part1 partition of app.parts for values from (1, 1) to (9, 9);
  comment on constraint one on app.labels is 'one'; comment on column app.boxes.note is 'a note';
  grant select on app.boxes to clerk; alter default privileges in schema app grant select on tables to clerk;`;

/** What only concerns some objects. */
const LOCAL = [
  "create table app.new (id integer primary key, at timestamptz default now(), note text unique)",
  "alter table app.new add column size app.size check ((size).w < 5)",
  "drop table app.new",
  "create index on app.boxes (note)",
  "alter index app.boxes_note_idx rename to notes",
  "alter table app.boxes alter note set not null",
  "alter table app.boxes alter note drop not null",
  "alter table app.boxes add column extra text default 'x'",
  "alter table app.boxes drop column extra",
  "alter table app.boxes rename column id to number",
  "alter table app.boxes rename to cartons",
  "alter table app.cartons set schema public",
  "alter table cartons set schema app; alter table app.cartons rename to boxes",
  "alter table app.boxes rename constraint boxes_pkey to boxes_key",
  "alter type app.size rename attribute w to width cascade",
  "alter type app.size rename to extent",
  "alter type mood rename value 'sad' to 'blue'",
  "alter type mood add value 'angry' before 'blue'",
  "alter domain email rename to mail",
  "alter domain app.little add constraint filled check (value <> '')",
  "alter table app.boxes alter mood set default 'ok'",
  "alter schema app rename to shop",
  "alter schema shop rename to app",
  "alter function app.area rename to surface",
  "create or replace view app.same as select a.number as id, 1 as one from app.boxes a",
  "alter view app.big rename column area to surface",
  "alter sequence app.numbers owned by app.labels.box",
  "alter sequence app.numbers owned by none; drop sequence app.numbers",
  "alter trigger moody on app.boxes rename to mooded; alter table app.boxes disable trigger mooded",
  "alter policy clerks on app.boxes using (true)",
  "alter table app.boxes enable row level security",
  "comment on table app.boxes is 'boxes'; comment on table app.boxes is null",
  "grant insert on app.boxes to clerk",
  "alter table app.labels drop constraint labels_box_fkey; drop rule quiet on app.labels",
  "alter table app.labels add foreign key (box) references app.boxes on delete cascade not valid",
  "alter table app.labels validate constraint labels_box_fkey",
  "create table app.part2 partition of app.parts for values from (9, 9) to (20, 20)",
  "alter table app.parts detach partition app.part1",
  "alter table users alter column note type varchar(20)",
  "alter table app.labels cluster on one; alter table app.boxes replica identity using index boxes_key",
  "create temporary table passing (id integer)",
  "insert into app.labels select 1, 'x' where false; vacuum analyze app.labels",
];

/** What may concern everything. */
const GLOBAL = [
  "alter role clerk rename to seller",
  "create function pg_catalog.touched_again() returns integer language sql return 1",
  "drop function pg_catalog.touched_again",
  "create function app.hashed(e app.extent) returns integer immutable language sql return (e).width",
  // From now on, the one that the index boxes_size has is not the default one.
  `create operator class app.extents default for type app.extent using hash
    as operator 1 app.=== (app.extent, app.extent), function 1 app.hashed(app.extent)`,
  "create cast (app.extent as integer) with function app.surface(app.extent)",
  "vacuum full pg_class",
  "comment on schema public is 'ours'",
  "grant usage on schema public to seller",
  "drop publication news",
  "create extension hstore",
  "drop schema app cascade",
];

Deno.test("a fingerprint that follows the changes is the one that reads everything, whatever has changed", async () => {
  await using embedded = await database();
  const { fingerprint, run } = embedded;
  await run(MANY_KINDS);
  await run(USES);
  const first = await fingerprint();
  let before = first;
  for (const [statements, kind] of [[LOCAL, "local"], [GLOBAL, "global"]] as const) {
    for (const statement of statements) {
      for (const single of statement.split("; ")) await run(single);
      const whole = await fingerprint(null);
      for (const since of [before, first]) {
        assertEquals(known(await fingerprint(since)), known(whole), statement);
      }
      const followed = await fingerprint(before);
      // What was not read again is the same object as before.
      if (kind === "local") {
        assert(followed.catalogs.get("pg_cast") === before.catalogs.get("pg_cast"), statement);
      }
      before = followed;
    }
  }
  assert(differingCatalogs(first, before).length > 10);
});

Deno.test("where nothing has changed no row is read, and what a transaction has undone is no change", async () => {
  await using embedded = await database();
  const { fingerprint, run } = embedded;
  await run("create table one (id integer primary key)");
  const before = await fingerprint();
  await run("begin; create table two (id integer); alter table one add column x text; rollback");
  const after = await fingerprint(before);
  for (const [catalog, rows] of before.catalogs) assert(after.catalogs.get(catalog) === rows, catalog);
  await run("create table two (id integer); drop table two");
  const again = await fingerprint(before);
  for (const [catalog, rows] of before.catalogs) assert(again.catalogs.get(catalog) === rows, catalog);
});

/** What a fingerprint knows; the places in which rows are do not matter, nor when they came. */
function known({ catalogs, extras, names }: Fingerprint) {
  const rows = [...catalogs].map(([catalog, { total, lines, sum, rows }]) => [
    catalog,
    { total, lines, sum, rows: [...rows].map(([place, row]) => ({ place, ...row })).sort(byPlace) },
  ]);
  return { catalogs: Object.fromEntries(rows), extras: Object.fromEntries(extras), names };
}

function byPlace(one: { readonly place: string }, other: { readonly place: string }): number {
  return one.place < other.place ? -1 : 1;
}

async function database() {
  const embedded = openEmbedded({ dataDir: null, cacheDir, connectSession: connectOverSocket });
  const reader = new CatalogReader();
  const use = <T>(use: Parameters<typeof withSession<T>>[2]) => withSession(embedded as Database, {}, use);
  await use((session) => session.send("select 1"));
  return {
    fingerprint: (since: Fingerprint | null = null) => use((session) => reader.fingerprint(session, since)),
    run: (sql: string) => use((session) => session.run(sql)),
    [Symbol.asyncDispose]: () => embedded.close(),
  };
}
