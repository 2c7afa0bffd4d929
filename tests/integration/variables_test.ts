/** `-- mig: env NAME`: values reach the database and nothing else. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { clientMajor } from "../support/psql.ts";
import type { RevisionLiteral } from "../support/project.ts";
import { TARGETS, targetTests } from "../support/target.ts";

const SECRET = "s3cret'word; drop table notes; --";

const NOTES: readonly RevisionLiteral[] = [{
  message: "notes",
  up: `-- mig: env SECRET TABLE_NAME
create table \${TABLE_NAME} (body text default '\${SECRET}', kept text default '\${OTHER}');
insert into "\${TABLE_NAME}" default values;
do $$ begin insert into \${TABLE_NAME} (body) values ('in a body: \${SECRET}'); raise notice 'it is %', '\${SECRET}'; end $$;
`,
  down: "-- mig: env TABLE_NAME\ndrop table ${TABLE_NAME};\n",
}];

const ENV = `SECRET="${SECRET}"\nTABLE_NAME=notes\nOTHER=wrong\n`;

const { test, testOnBoth } = targetTests(({ files }) => files.write(".env", ENV));

testOnBoth("values get into the database, and no further", NOTES, async (target) => {
  const up = await target.run("up", "--verbose");
  assertEquals(up.code, 0, up.stderr);
  assertEquals(
    await target.value("(select string_agg(body || '|' || kept, '|' order by body desc) from notes)"),
    `${SECRET}|\${OTHER}|in a body: ${SECRET}|\${OTHER}`,
  );
  assertStringIncludes(up.stderr, "it is ${SECRET}");
  const shown = [up, await target.run("show", "head", "--applied"), await target.run("history", "--json")];
  assert(!JSON.stringify(shown).includes("s3cret"), JSON.stringify(shown));
  assertEquals(
    await target.value("(select up_sql || down_sql from mig_version)"),
    `${NOTES[0]!.up}${NOTES[0]!.down}`,
  );

  // Another value is no other file.
  await target.files.write(".env", ENV.replace("s3cret", "another"));
  assertEquals((await target.run("check")).code, 0);
});

test("down.sql that is stored is filled in too", NOTES, async (target) => {
  assertEquals((await target.run("up")).code, 0);
  await Deno.remove(target.files.migrations, { recursive: true });
  await Deno.mkdir(target.files.migrations);
  await target.files.write(".env", "");
  const refused = await target.run("down", "base");
  assertStringIncludes(refused.stderr, "down.sql (stored in the database):2:12");
  await target.files.write(".env", ENV);
  assertEquals((await target.run("down", "base")).code, 0);
  assertEquals(await target.value("to_regclass('notes') is null"), "true");
});

test("a variable that is not set is told before anything runs", [
  { up: "create table early (id int);" },
  { up: "-- mig: env UNSET\nselect 1;\n  select '${UNSET}';" },
], async (target) => {
  for (const args of [["up"], ["up", "--dry-run"], ["up", "--sql"], ["check", "--no-db"]]) {
    const { code, stdout, stderr } = await target.run(...args);
    assertEquals(code, args[0] === "check" ? 3 : 1);
    assertStringIncludes(stdout + stderr, "the environment variable UNSET is not set");
    assertStringIncludes(stdout + stderr, "up.sql:3:11");
  }
  assertEquals(await target.applied(), []);
  assertEquals((await target.run("check", "--no-db", "--ignore", "variable-missing,irreversible")).code, 0);
});

testOnBoth("what the server says of a value is shown as ${NAME}, at its place in the file", [{
  up: "-- mig: env SECRET\ncreate table t (n integer default 1,\n  m integer default '${SECRET}');",
}, { up: "select '${SECRET}' +;" }], async (target) => {
  for (const json of [[], ["--json"]]) {
    const { code, stdout, stderr } = await target.run("up", ...json);
    assertEquals(code, 1);
    const said = stdout + stderr;
    assert(!said.includes("s3cret"), said);
    assertStringIncludes(said, "invalid input syntax for type integer: ");
    assertStringIncludes(said, "${SECRET}");
    if (json.length === 0) assertStringIncludes(said, "up.sql:3:21");
  }
  await target.files.write("migrations/20260101T0000_0000a001/up.sql", "select 1;");
  const { stderr } = await target.run("up");
  assertStringIncludes(stderr, "${SECRET} was sent as it stands: with `-- mig: env SECRET` at the head");
});

test("a value that would hide a COMMIT is refused like one in the file", [{
  up: "-- mig: env WORD\n${WORD};",
}], async (target) => {
  await target.files.write(".env", "WORD=commit");
  const { code, stderr } = await target.run("up");
  assertEquals(code, 1);
  assertStringIncludes(stderr, "COMMIT would end or escape the transaction");
});

test("hooks and no-transaction files are filled in", [{
  up: "-- mig: no-transaction\n-- mig: env TABLE_NAME\ncreate table ${TABLE_NAME} (id int, body text);\n" +
    "create index concurrently ${TABLE_NAME}_id on ${TABLE_NAME} (id);\nselect 1/0;",
  down: "-- mig: env TABLE_NAME\ndrop table ${TABLE_NAME};",
}], async (target) => {
  const hooks = { after_up: { sql: "note.sql" } };
  await target.files.write("mig.json", JSON.stringify({ hooks }));
  await target.files.write(
    "note.sql",
    "-- mig: env TABLE_NAME SECRET\ninsert into ${TABLE_NAME} (body) values ('${SECRET}');",
  );
  const failed = await target.run("up");
  assertStringIncludes(failed.stderr, "2 of its 3 statements are done");
  assertStringIncludes(failed.stderr, "leave TABLE_NAME as it is until it is done");
  const up = (await target.shell("cat migrations/*/up.sql")).stdout;
  await target.files.write("migrations/20260101T0000_0000a001/up.sql", up.replace("/0", ""));
  const again = await target.run("up");
  assertEquals(again.code, 0, again.stderr);
  assertEquals(await target.value("(select body from notes)"), SECRET);
  assertStringIncludes(again.stderr, "warning: up    0000a001");
});

testOnBoth("a value that changes while a no-transaction file is interrupted is warned of", [{
  up:
    "-- mig: no-transaction\n-- mig: env TABLE_NAME SECRET OTHER\ncreate table ${TABLE_NAME} (body text);\n" +
    "create table names as select '${TABLE_NAME}' as name;\nselect 1/0, '${SECRET}';\n" +
    "insert into names values ('${TABLE_NAME}'), ('${OTHER}');",
}], async (target) => {
  assertEquals((await target.run("up")).code, 1);
  const file = "migrations/20260101T0000_0000a001/up.sql";
  const up = (await target.shell(`cat ${file}`)).stdout;
  await target.files.write(file, up.replace("/0", ""));
  await target.files.write(".env", ENV.replace("TABLE_NAME=notes", "TABLE_NAME=others"));
  const { code, stderr } = await target.run("up");
  assertEquals(code, 0, stderr);
  // Only of what was used so far; and never the values themselves.
  assertStringIncludes(stderr, "what is done of it has the values that TABLE_NAME had then");
  assert(!/notes|others|s3cret/.test(stderr.replaceAll(/^(on|using) .*$/gm, "")), stderr);
  assertEquals(await target.value("(select string_agg(name, ' ') from names)"), "notes others wrong");
});

const ignore = clientMajor("psql") === null;
Deno.test("a script has the values, and mig warns of that; the rows have none", { ignore }, async () => {
  await using target = await TARGETS.server(NOTES);
  await target.files.write(".env", ENV);
  const { code, stderr } = await target.run("up", "--sql", "--output", "up.sql");
  assertEquals(code, 0, stderr);
  assertStringIncludes(stderr, "warning: the script holds the values of TABLE_NAME, SECRET");
  const run = await target.shell('psql -X -q -1 -f up.sql "$DATABASE_URL"');
  assertEquals(run.code, 0, run.stderr);
  assertEquals(
    await target.value("(select count(*) from notes where body like '%' || $$" + SECRET + "$$)"),
    "2",
  );
  assertEquals((await target.run("check")).code, 0);
  assertEquals(await target.value("(select up_sql from mig_version)"), NOTES[0]!.up);
});

Deno.test("the shadow has the values, and keeps no snapshot of them", async () => {
  await using target = await TARGETS.embedded([{
    up: "create table first (id int);",
    down: "drop table first;",
  }]);
  await target.files.add(NOTES[0]!, 1);
  await target.files.write(".env", ENV);
  const { code, stderr, stdout } = await target.run("verify", "--all");
  assertEquals(code, 0, stdout + stderr);
  assert(!(stdout + stderr).includes("s3cret"), stdout + stderr);
});
