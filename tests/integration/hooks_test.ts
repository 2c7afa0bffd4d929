/** The hooks of a run: when they run, what they are told, and what stands when one fails. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { labelsOf, notesOf, noting, writeHooks } from "../support/hooks.ts";
import { idAt, type RevisionLiteral } from "../support/project.ts";
import { type Target, targetTests } from "../support/target.ts";

const TABLES: readonly RevisionLiteral[] = [1, 2].map((n) => ({
  message: `table ${n}`,
  up: `create table t${n} (id integer);`,
  down: `drop table t${n};`,
}));

/** Notes in the database how many tables of the revisions there are. */
const LOG = `create table if not exists hook_log (seq serial, moment text, tables bigint);
insert into hook_log (moment, tables)
  select 'MOMENT', count(*) from pg_tables where tablename in ('t1', 't2');
`;

const { test, testOnBoth } = targetTests(async ({ files }) => {
  for (const moment of ["before_up", "after_up", "before_down", "after_down"]) {
    await files.write(`hooks/${moment}.sql`, LOG.replace("MOMENT", moment));
  }
});

const ALL = {
  before_up: [noting("before_up"), { sql: "hooks/before_up.sql" }],
  after_up: [noting("after_up"), { sql: "hooks/after_up.sql" }],
  before_down: [{ sql: "hooks/before_down.sql" }, noting("before_down")],
  after_down: [{ sql: "hooks/after_down.sql" }, noting("after_down")],
  after_revision: noting("after_revision"),
};

const log = (target: Target) =>
  target.value("select string_agg(moment || ' ' || tables, ', ' order by seq) from hook_log");

testOnBoth(
  "hooks run before and after a run, commands with what it is about in MIG_ variables",
  TABLES,
  async (target) => {
    await writeHooks(target.files, ALL);
    const up = await target.run("up");
    assertEquals(up.code, 0, up.stderr);
    assertEquals(await log(target), "before_up 0, after_up 2");
    const notes = await notesOf(target.files);
    assertEquals(notes.map(({ label }) => label), [
      "before_up",
      "after_revision",
      "after_revision",
      "after_up",
    ]);
    const [before, first, second] = notes;
    const folder = await Deno.realPath(target.files.folder);
    for (const { label, cwd, env } of notes) {
      assertEquals([await Deno.realPath(cwd), env.MIG_HOOK, env.MIG_DIRECTION], [folder, label, "up"]);
      assertMatch(env.MIG_DATABASE_DESCRIPTION!, target.kind === "server" ? /^postgres:\/\// : /^pglite:/);
    }
    assertEquals(before!.env.MIG_REVISIONS, `${idAt(0)} ${idAt(1)}`);
    assertEquals([first!.env.MIG_REVISION, first!.env.MIG_MESSAGE], [idAt(0), "table 1"]);
    assertEquals([second!.env.MIG_REVISION, second!.env.MIG_REVISIONS], [idAt(1), idAt(1)]);
    assertMatch(up.stderr, /^before_up \| hook before_up\r?$/m);
    assertMatch(up.stderr, /^✓ after_up {2}hooks.after_up\.sql/m);
    assertEquals(up.stdout.includes("hook before_up"), false);

    const again = await target.run("up");
    assertEquals(again.code, 0);
    assertEquals((await notesOf(target.files)).length, notes.length, "nothing to do, no hook");

    const down = await target.run("down", "base");
    assertEquals(down.code, 0, down.stderr);
    assertEquals((await labelsOf(target.files)).slice(4), [
      ...["before_down", "after_revision", "after_revision", "after_down"],
    ]);
    assertEquals((await notesOf(target.files))[4]!.env.MIG_REVISIONS, `${idAt(1)} ${idAt(0)}`);
    assertEquals(await log(target), "before_up 0, after_up 2, before_down 2, after_down 0");
  },
);

test("a run in both directions has the hooks of both around it", TABLES, async (target) => {
  await target.run("up");
  await writeHooks(target.files, ALL);
  const { code, stderr } = await target.run("redo");
  assertEquals(code, 0, stderr);
  assertEquals(await labelsOf(target.files), [
    ...["before_down", "before_up", "after_revision", "after_revision", "after_down", "after_up"],
  ]);
  assertEquals(await log(target), "before_down 2, before_up 2, after_down 2, after_up 2");
  const directions = (await notesOf(target.files)).map(({ env }) => env.MIG_DIRECTION);
  assertEquals(directions, ["down", "up", "down", "up", "down", "up"]);
});

test("nothing runs after a command before the run has failed", TABLES, async (target) => {
  await writeHooks(target.files, { ...ALL, before_up: [noting("one"), noting("two", 7), noting("three")] });
  const { code, stderr, stdout } = await target.run("up");
  assertEquals([code, stdout], [1, ""]);
  assertEquals(await target.applied(), []);
  assertEquals(await labelsOf(target.files), ["one", "two"]);
  assertMatch(stderr, /^error: the hook before_up failed, exit code 7: .* two 7$/m);
  assertMatch(stderr, /= it printed\n {5}hook two\n {5}it ends with 7$/m);
  assertMatch(stderr, /^hint: no revision was applied or undone; 1 hook before it ran$/m);
  // The lock is given back.
  const later = await target.run("up", "--no-hooks", "--lock-wait", "1s");
  assertEquals(later.code, 0, later.stderr);
});

testOnBoth(
  "nothing runs after SQL before the run has failed, and nothing of it is kept",
  TABLES,
  async (target) => {
    await target.files.write(
      "hooks/bad.sql",
      "create table kept ();\n\ninsert into\n  nowhere values (1);\n",
    );
    await writeHooks(target.files, { ...ALL, before_up: { sql: "hooks/bad.sql" } });
    const { code, stderr } = await target.run("up");
    assertEquals(code, 1);
    assertMatch(stderr, /^error: the hook before_up failed: relation "nowhere" does not exist$/m);
    assertMatch(stderr, /--> hooks.bad\.sql:4:3$/m);
    assertMatch(stderr, /SQLSTATE 42P01$/m);
    assertEquals(await target.applied(), []);
    assertEquals(await target.schema(), "");
  },
);

test(
  "when a command after the run fails, mig fails, and says that the revisions are applied",
  TABLES,
  async (target) => {
    await writeHooks(target.files, { after_up: [noting("one", 3), noting("two")] });
    const { code, stderr, stdout } = await target.run("up", "--json");
    assertEquals(code, 1, stderr);
    assertEquals(await target.applied(), [idAt(0), idAt(1)]);
    assertEquals(await labelsOf(target.files), ["one"]);
    assertMatch(stderr, /^error: the hook after_up failed, exit code 3: /m);
    assertMatch(stderr, /^hint: every revision of this run is done: applied 2 revisions$/m);
    const { error } = JSON.parse(stdout);
    assertEquals(error.code, "hook-failed");
    assertEquals([error.data.hook, error.data.exitCode], ["after_up", 3]);
    assertEquals([error.data.done, error.data.output], [[idAt(0), idAt(1)], ["hook one", "it ends with 3"]]);
  },
);

test(
  "when SQL after the run fails, the revisions stay, and the commands of each revision run",
  TABLES,
  async (target) => {
    await target.files.write("hooks/bad.sql", "create table kept ();\nselect 1/0;\n");
    await writeHooks(target.files, { ...ALL, after_up: [{ sql: "hooks/bad.sql" }, noting("after_up")] });
    const { code, stderr } = await target.run("up");
    assertEquals(code, 1);
    assertMatch(stderr, /^error: the hook after_up failed: division by zero$/m);
    assertMatch(stderr, /--> hooks.bad\.sql:2:1$/m);
    assertMatch(stderr, /^hint: every revision of this run is done: applied 2 revisions$/m);
    assertEquals(await target.applied(), [idAt(0), idAt(1)]);
    assertEquals(await target.value("select to_regclass('kept')"), null);
    assertEquals(await labelsOf(target.files), ["before_up", "after_revision", "after_revision"]);
    const down = await target.run("down", "-1", "--lock-wait", "1s");
    assertEquals(down.code, 0, down.stderr);
  },
);

test(
  "when a revision fails, the commands of those before it run, and no others",
  [...TABLES, { up: "select 1/0;" }],
  async (target) => {
    await writeHooks(target.files, ALL);
    const { code, stderr } = await target.run("up");
    assertEquals(code, 1);
    assertMatch(stderr, /division by zero/);
    assertEquals(await labelsOf(target.files), ["before_up", "after_revision", "after_revision"]);
    const told = (await notesOf(target.files)).slice(1).map(({ env }) => env.MIG_REVISION);
    assertEquals(told, [idAt(0), idAt(1)]);
    assertEquals(await log(target), "before_up 0");
  },
);

test("--no-hooks leaves the hooks out, and --dry-run shows them and runs none", TABLES, async (target) => {
  await writeHooks(target.files, ALL);
  const dry = await target.run("up", "--dry-run");
  assertEquals(dry.code, 0, dry.stderr);
  const shown = dry.stdout.split("\n").map((line) => line.trim().split(/\s+/)[0]);
  assertEquals(shown.slice(0, 8), [
    ...["before_up", "before_up", "up", "up", "after_up", "after_revision", "after_up", "Would"],
  ]);
  const json = JSON.parse((await target.run("up", "--dry-run", "--json")).stdout);
  assertEquals(json.data.hooks.map(({ hook }: { hook: string }) => hook), [
    ...["before_up", "before_up", "after_up", "after_revision", "after_up"],
  ]);
  assert(/^hooks.before_up\.sql$/.test(json.data.hooks[1].sql), json.data.hooks[1].sql);
  assertEquals(JSON.parse((await target.run("up", "-n", "--no-hooks", "--json")).stdout).data.hooks, []);
  const { code, stderr } = await target.run("up", "--no-hooks");
  assertEquals(code, 0, stderr);
  assertEquals(await labelsOf(target.files), []);
  assertEquals(await target.value("select to_regclass('hook_log')"), null);
});

testOnBoth("SQL that cannot run in a transaction is refused before anything runs", TABLES, async (target) => {
  const refused: readonly (readonly [string, RegExp])[] = [
    ["select 1;\ncommit;\n", /--> hooks.bad\.sql:2:1$/m],
    ["create index concurrently i on t1 (id);", /a SQL hook runs in one: let a command line do it/],
    ["-- mig: no-transaction\nselect 1;", /the hook after_up asks to run outside a transaction/],
  ];
  for (const [sql, said] of refused) {
    await target.files.write("hooks/bad.sql", sql);
    await writeHooks(target.files, { before_up: noting("before"), after_up: { sql: "hooks/bad.sql" } });
    for (const args of [["up"], ["up", "--dry-run"]]) {
      const { code, stderr } = await target.run(...args);
      assertEquals(code, 1, sql);
      assertMatch(stderr, said);
    }
  }
  await writeHooks(target.files, { before_up: noting("before"), after_up: { sql: "hooks/nowhere.sql" } });
  const { code, stderr } = await target.run("up");
  assertEquals(code, 1);
  assertMatch(stderr, /^error: cannot read "hooks.nowhere\.sql": it is not there$/m);
  assertEquals([await target.applied(), await labelsOf(target.files)], [[], []]);
});

testOnBoth(
  "what a SQL hook sets or prepares for the session is gone before the first revision",
  TABLES,
  async (target) => {
    await target.files.write(
      "hooks/set.sql",
      "set search_path = pg_catalog;\nprepare mig_insert as select 1;\ncreate temp table t1 ();\n",
    );
    await writeHooks(target.files, { before_up: { sql: "hooks/set.sql" } });
    const { code, stderr } = await target.run("up");
    assertEquals(code, 0, stderr);
    assertEquals(await target.applied(), [idAt(0), idAt(1)]);
    assertEquals(await target.value("select to_regclass('public.t1')"), "t1");
  },
);

testOnBoth("a command after the run may call mig", TABLES, async (target) => {
  await writeHooks(target.files, { after_up: "mig current --json" });
  const { code, stdout, stderr } = await target.shell("mig up");
  assertEquals(code, 0, stderr);
  assertStringIncludes(stderr, `after_up |         "id": "${idAt(1)}",`);
  assertMatch(stdout, /^Applied 2 revisions/);
});

for (const [moment, applied] of [["before_up", 0], ["after_up", 2]] as const) {
  test(
    `stopped in a hook of ${moment}, mig ends at once and says what is applied`,
    TABLES,
    async (target) => {
      if (Deno.build.os === "windows") return;
      await writeHooks(target.files, { [moment]: `${noting("it")}; sleep 30` });
      const running = target.start("up");
      while ((await labelsOf(target.files)).length === 0) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const since = performance.now();
      running.process.kill("SIGINT");
      const { code, stderr } = await running.result;
      assert(performance.now() - since < 10_000);
      assertEquals(code, 130, stderr);
      assertMatch(stderr, new RegExp(`^error: stopped by you while the hook ${moment} ran`, "m"));
      assertMatch(
        stderr,
        applied === 0 ? /no revision was applied or undone/ : /every revision of this run is done: applied 2/,
      );
      assertEquals((await target.applied()).length, applied);
    },
  );
}
