/** What PostgreSQL tells of long work reaches whoever waits for it. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import type { MigrationEvent } from "../../src/engine/event.ts";
import { open } from "../../src/mod.ts";
import { freshDatabase } from "../support/database.ts";
import { startMig } from "../support/mig.ts";
import { project } from "../support/project.ts";

type Progress = Extract<MigrationEvent, { type: "progress" }>;

/** The progress that a revision's work makes, on a table with four rows in a block. */
async function progressOf(up: string, rows = 300): Promise<Progress[]> {
  await using database = await freshDatabase();
  await database.query(`create table people as
    select n as id, repeat(md5(n::text), 60) as name from generate_series(1, ${rows}) as n;
    alter table people alter name set storage plain`);
  await database.query("vacuum full people");
  const found: Progress[] = [];
  await using mig = await open({
    database: database.url,
    migrations: [{ id: "0000a001", parent: null, message: "long work", up, down: null }],
    onEvent: (event) => event.type === "progress" && found.push(event),
  });
  await mig.up();
  return found;
}

Deno.test("building an index tells its phase, and how much of it is done", async () => {
  const found = await progressOf(
    `create function slow(n integer) returns integer immutable language plpgsql as
    $$ begin perform pg_sleep(0.01); return n; end $$;
    create index people_slow on people (slow(id));`,
  );
  assert(found.length > 0);
  assertEquals(found[0]!.command, "CREATE INDEX");
  assertEquals(found[0]!.step?.id, "0000a001");
  const scanning = found.filter(({ unit }) => unit === "blocks");
  assert(scanning.every(({ done, total }) => total !== null && done <= total), JSON.stringify(found));
  assertMatch(found[0]!.phase!, /building index/);
});

Deno.test("COPY tells its rows, and VACUUM its blocks", async () => {
  const slow = `create function slow() returns trigger language plpgsql as
    $$ begin perform pg_sleep(0.02); return new; end $$;
    create table few (id integer);
    create trigger slow before insert on few for each row execute function slow();`;
  const data = Array.from({ length: 150 }, (_, n) => `${n}\n`).join("");
  const copy = await progressOf(`${slow}\ncopy few from stdin;\n${data}\\.\n`);
  assertEquals([copy[0]?.command, copy[0]?.unit, copy[0]?.total], ["COPY FROM", "rows", null]);
  const vacuum = await progressOf(
    "-- mig: no-transaction\nset vacuum_cost_delay = '20ms';\nset vacuum_cost_limit = 10;\nvacuum people;",
    500,
  );
  assertEquals([vacuum[0]?.command, vacuum[0]?.unit], ["VACUUM", "blocks"]);
});

Deno.test("the executable tells of it in the lines that it writes while something takes long", async () => {
  await using database = await freshDatabase();
  await database.query("create table people as select n as id from generate_series(1, 300000) as n");
  await using files = await project([{
    up:
      "-- mig: no-transaction\nset vacuum_cost_delay = '50ms';\nset vacuum_cost_limit = 20;\nvacuum people;",
  }]);
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  const { code, stderr } = await startMig(["up"], options).result;
  assertEquals(code, 0, stderr);
  assertMatch(stderr, /… up +0000a001 .*scanning heap, \d+ % +statement 3 of 3: vacuum people/);
});
