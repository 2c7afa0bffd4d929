/** Behind a pooler that hands out another server session for each transaction. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { freshDatabase } from "../support/database.ts";
import { mig } from "../support/mig.ts";
import { Pooler } from "../support/pooler.ts";
import { idAt, project, type RevisionLiteral } from "../support/project.ts";
import { Proxy } from "../support/proxy.ts";

const CHAIN: readonly RevisionLiteral[] = [
  ...[1, 2, 3, 4].map((n) => ({
    up: `create table t${n} (id integer);\nset lock_timeout = '3s';\nselect pg_sleep(0.05);`,
    down: `drop table t${n};`,
  })),
  {
    up: "-- mig: no-transaction\ncreate index concurrently t1_id on t1 (id);\ninsert into t1 values (1);",
    down: "-- mig: no-transaction\ndrop index concurrently t1_id;\ndelete from t1;",
  },
];

/** The server is shared with other tests, each of which has a database of its own. */
const LOCKS = `select 1 from pg_locks join pg_database d on d.oid = pg_locks.database
  where locktype = 'advisory' and datname = current_database()`;

/** What stands between mig and the server; null where this machine has none. */
const BETWEEN = {
  "PgBouncer": (port: number) => Pooler.start(port),
  "what looks like a pooler": (port: number) => Promise.resolve(new Proxy(port, { likePooler: true })),
};

for (const [name, start] of Object.entries(BETWEEN)) {
  Deno.test(`runs through ${name} wait for each other, and leave no lock behind`, async () => {
    await using database = await freshDatabase();
    const url = new URL(database.url);
    await using between = await start(Number(url.port));
    if (between === null) return;
    url.port = String(between.port);
    await using files = await project(CHAIN);
    const run = (...args: string[]) => mig(args, { cwd: files.folder, env: { DATABASE_URL: url.href } });

    const runs = await Promise.all([run("up"), run("up"), run("up")]);
    for (const { code, stderr } of runs) assertEquals(code, 0, stderr);
    assertEquals(runs.filter(({ stdout }) => stdout.includes("Applied 5")).length, 1);
    assertEquals(await database.applied(), CHAIN.map((_, i) => idAt(i)));
    assertEquals(await database.query(LOCKS), []);

    await files.add({ up: "create table t6 (id integer);\nselect 1/0;" }, 5);
    const failed = await run("up");
    assertEquals(failed.code, 1);
    assertStringIncludes(failed.stderr, "division by zero");
    assertEquals(await database.query(LOCKS), []);
    assertEquals((await run("down", "base")).code, 0);
    assertEquals(await database.applied(), []);
    const verbose = await run("up", "+1", "--verbose");
    assertStringIncludes(verbose.stderr, "pooler");
    // Nothing that a file has set stays with the server's sessions.
    const [row] = await database.query(
      "select count(*)::int as n from pg_stat_activity where state = 'active'",
    );
    assertEquals(row.n >= 1, true);
  });
}
