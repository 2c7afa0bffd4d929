/** The shadow itself: its snapshots, its fingerprints, and scratch databases on a server. */

import { gunzipSync, gzipSync } from "node:zlib";
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { ShadowProgress } from "../../src/engine/shadow/progress.ts";
import { differingCatalogs } from "../../src/engine/shadow/catalog.ts";
import { MigError } from "../../src/error.ts";
import { chainOf } from "../../src/library/memory.ts";
import { openShadow } from "../../src/library/open_shadow.ts";
import { parseDatabaseUrl } from "../../src/postgres/url.ts";
import { systemSurroundings } from "../../src/postgres/surroundings.ts";
import { freshDatabase } from "../support/database.ts";
import { mig } from "../support/mig.ts";
import { idAt, project } from "../support/project.ts";

const cache = await Deno.makeTempDir({ prefix: "mig-shadow-" });
globalThis.addEventListener("unload", () => Deno.removeSync(cache, { recursive: true }));
const SNAPSHOTS = `${cache}/mig/shadow`;

const CHAIN = await chainOf(Array.from({ length: 7 }, (_, at) => ({
  id: idAt(at),
  parent: at === 0 ? null : idAt(at - 1),
  message: `table ${at}`,
  up: at === 3
    ? "create extension hstore; create table t3 (h hstore);"
    : `create table t${at} (id integer primary key);`,
  down: `drop table t${at};`,
})));

async function shadow(server: string | null = null, signal = new AbortController().signal) {
  const told: ShadowProgress[] = [];
  const made = await openShadow({
    texts: CHAIN.texts,
    table: "mig_version",
    server: server === null ? null : parseDatabaseUrl(server, systemSurroundings({})),
    setup: null,
    env: { XDG_CACHE_HOME: cache },
    signal,
    warn: () => {},
    onProgress: (progress) => told.push(progress),
  });
  const opened = () => told.flatMap((it) => it.type === "opened" ? [it.revisions] : []);
  return { made, told, opened };
}

Deno.test("what was replayed is kept, also with extensions, and only what is new is replayed the next time", async () => {
  const { order } = CHAIN.graph;
  const first = await shadow();
  await first.made.at(order.slice(0, 6));
  const there = await first.made.fingerprint();
  await first.made.close();
  assertEquals(first.opened(), [0]);

  const second = await shadow();
  await second.made.at(order.slice(0, 6));
  assertEquals(second.opened(), [6]);
  assertEquals(differingCatalogs(there, await second.made.fingerprint()), []);
  await second.made.use((session) => session.send("insert into t3 values ('a=>1')"));
  // What was changed by hand does not stay.
  await second.made.at(order);
  assertEquals(second.told.filter(({ type }) => type === "replayed"), [second.told.at(-1)]);
  const { rows: [row] } = await second.made.use(
    (session) => session.send("select count(*) as count from t3"),
    "reads",
  );
  assertEquals(row!.count, "0");
  assert((await second.made.dump()).includes("CREATE TABLE public.t6"));
  await second.made.close();
});

Deno.test("a snapshot that is damaged is made anew, and the folder may be emptied at any time", async () => {
  const before = await shadow();
  await before.made.at(CHAIN.graph.order.slice(0, 6));
  await before.made.close();
  const [file] = [...Deno.readDirSync(SNAPSHOTS)].map(({ name }) => `${SNAPSHOTS}/${name}`);
  const whole = await Deno.readFile(file!);
  await Deno.writeFile(file!, whole.map((byte, at) => at === 5000 ? byte ^ 255 : byte));
  const damaged = await shadow();
  await damaged.made.at(CHAIN.graph.order.slice(0, 6));
  await damaged.made.close();
  assertEquals(damaged.opened(), [0]);
  assertEquals((await Deno.readFile(file!)).length > 0, true);
  await Deno.remove(SNAPSHOTS, { recursive: true });
  const emptied = await shadow();
  await emptied.made.at(CHAIN.graph.order.slice(0, 1));
  assertEquals(emptied.opened(), [0]);
  await emptied.made.close();
});

Deno.test("what was read of the catalogs is kept with its snapshot, and is nothing for another one", async () => {
  const { order } = CHAIN.graph;
  await Deno.remove(SNAPSHOTS, { recursive: true }).catch(() => {});
  const kept = () =>
    [...Deno.readDirSync(SNAPSHOTS)].map(({ name }) => name).filter((name) => name.includes(".catalogs."));
  const first = await shadow();
  await first.made.at(order.slice(0, 6));
  await first.made.use((session) => session.send("create table odd (id integer)"));
  // This is not what was saved.
  await first.made.fingerprint();
  assertEquals(kept(), []);
  await first.made.close();

  const second = await shadow();
  await second.made.at(order.slice(0, 6));
  const there = await second.made.fingerprint();
  assertEquals(kept().length, 1);
  await second.made.close();

  // A fingerprint that knows less than all tells that the kept one was used: it is made to lack lines.
  const [file] = kept();
  const path = `${SNAPSHOTS}/${file}`;
  const whole = await Deno.readFile(path);
  const text = JSON.parse(gunzipSync(whole).toString());
  const changed = (change: (kept: typeof text) => void) => {
    const copy = structuredClone(text);
    change(copy);
    return Deno.writeFile(path, gzipSync(JSON.stringify(copy)));
  };
  const lacking = (kept: typeof text) => {
    kept.catalogs.find(([catalog]: [string]) => catalog === "pg_index")[3] = null;
  };
  const differing = async () => {
    const { made } = await shadow();
    await made.at(order.slice(0, 6));
    const catalogs = differingCatalogs(there, await made.fingerprint());
    await made.close();
    return catalogs;
  };
  await changed(lacking);
  assertEquals(await differing(), ["pg_index"]);
  for (const other of ["snapshot", "reading"]) {
    await changed((kept) => {
      lacking(kept);
      kept.keptFor[other] = "another";
    });
    assertEquals(await differing(), []);
  }
  await Deno.writeFile(path, whole.map((byte, at) => at === 500 ? byte ^ 255 : byte));
  assertEquals(await differing(), []);
  assertEquals(await differing(), []);
});

Deno.test("a shadow on a server is a database of its own, which is dropped, and so is what a killed run has left", async () => {
  await using database = await freshDatabase();
  const shadows = async () =>
    (await database.query("select datname from pg_database where datname like 'mig\\_shadow\\_%' order by 1"))
      .map(({ datname }) => datname as string);
  const own = new URL(database.url).pathname.slice(1);
  const comment = `A shadow of mig's, to be thrown away; made from the database "${own}"`.replaceAll(
    "'",
    "''",
  );
  await database.query("create database mig_shadow_00000000000a");
  await database.query(`comment on database mig_shadow_00000000000a is '${comment}'`);
  // Somebody else's, whatever it is called.
  await database.query("create database mig_shadow_00000000000b");
  try {
    const { made } = await shadow(database.url);
    const other = await shadow(database.url);
    try {
      await made.at(CHAIN.graph.order.slice(0, 2));
      assertEquals((await shadows()).length, 2);
      assert(!(await shadows()).includes("mig_shadow_00000000000a"));
      // One that is in use is left alone by the next run.
      await other.made.at(CHAIN.graph.order.slice(0, 1));
      assertEquals((await shadows()).length, 3);
      const before = await made.fingerprint();
      await made.step("down", CHAIN.graph.order[1]!);
      assert(differingCatalogs(before, await made.fingerprint()).length > 0);
      await made.step("up", CHAIN.graph.order[1]!);
      assertEquals(differingCatalogs(before, await made.fingerprint()), []);
    } finally {
      await made.close();
      await other.made.close();
    }
    assertEquals(await shadows(), ["mig_shadow_00000000000b"]);
    assertEquals(await database.text("select to_regclass('t0')"), null);
  } finally {
    await database.query("drop database if exists mig_shadow_00000000000b");
  }
});

Deno.test("verify works on a server, whichever version it has", async () => {
  await using database = await freshDatabase();
  await using files = await project([
    {
      up: "create table a (id serial primary key, b text not null); create index on a (b);",
      down: "drop table a;",
    },
    { up: "alter table a add c integer;", down: "alter table a drop c;" },
  ]);
  const result = await mig(["verify", "--all", "--shadow-url", database.url], { cwd: files.folder });
  assertEquals(
    [result.code, result.stdout.includes("2 revisions proven")],
    [0, true],
    result.stderr + result.stdout,
  );
  assert(result.stdout.includes("on the shadow's server"));
});

Deno.test("a replay that fails names the file, and says that no database was touched", async () => {
  const chain = await chainOf([{ id: idAt(0), parent: null, message: "wrong", up: "create tabel x ();" }]);
  const made = await openShadow({
    texts: chain.texts,
    table: "mig_version",
    server: null,
    setup: null,
    env: { XDG_CACHE_HOME: cache },
    signal: new AbortController().signal,
    warn: () => {},
  });
  const error = await assertRejects(() => made.at(chain.graph.order), MigError);
  await made.close();
  assertEquals([error.code, error.locations[0]?.path, error.locations[0]?.column], [
    "sql-failed",
    `${idAt(0)}/up.sql`,
    8,
  ]);
  assert(error.hints.some((hint) => hint.includes("nothing was done to any database but the shadow")));
});

Deno.test("what runs in a scratch database on a server is cancelled by Ctrl-C, and the database is gone", async () => {
  await using server = await freshDatabase();
  const stop = new AbortController();
  const { made } = await shadow(server.url, stop.signal);
  await made.at(CHAIN.graph.order.slice(0, 1));
  const scratches = async () => {
    const [row] = await server.query("select count(*) from pg_database where datname ~ '^mig_shadow_'");
    return row!.count;
  };
  const before = await scratches();
  const started = performance.now();
  setTimeout(() => stop.abort(), 500);
  await assertRejects(() => made.use((session) => session.send("select pg_sleep(30)")));
  assert(performance.now() - started < 10_000);
  const error = await assertRejects(() => made.use((session) => session.send("select 1")), MigError);
  assertEquals(error.code, "interrupted");
  await made.close();
  assertEquals(Number(await scratches()), Number(before) - 1);
});

Deno.test("for a shadow on a server, CREATEDB is all that a role needs", async () => {
  await using server = await freshDatabase();
  await server.query("drop role if exists mig_shadow_maker; create role mig_shadow_maker login createdb");
  const url = new URL(server.url);
  url.username = "mig_shadow_maker";
  try {
    const { made } = await shadow(url.href);
    await made.at(CHAIN.graph.order.slice(0, 3));
    const before = await made.fingerprint();
    await made.use((session) => session.send("create table left_behind (id int)"));
    assert(differingCatalogs(before, await made.fingerprint()).includes("pg_class"));
    await made.close();
  } finally {
    await server.query("drop role mig_shadow_maker");
  }
});
