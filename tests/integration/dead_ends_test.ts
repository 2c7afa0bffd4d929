/** The ways out of states in which other tools leave people: another branch's revisions, edits, lost folders. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { idAt, type RevisionLiteral } from "../support/project.ts";
import { type Target, TARGETS, targetTests } from "../support/target.ts";

const ONE: RevisionLiteral = {
  message: "users",
  up: "create table users (id integer);",
  down: "drop table users;",
};
const TWO: RevisionLiteral = {
  message: "phone",
  up: "alter table users add phone text;",
  down: "alter table users drop phone;",
};
const OTHER: RevisionLiteral = {
  id: "0000b001",
  parent: idAt(0),
  message: "from another branch",
  up: "create table other (id integer);\ninsert into other values (1);",
  down: "drop table other;",
};
const LATER: RevisionLiteral = {
  id: "0000b002",
  parent: "0000b001",
  message: "on top of it",
  up: "create index other_id on other (id);",
  down: "drop index other_id;",
};

const LATER_STILL: RevisionLiteral = { message: "names", up: "alter table users add name text;" };

const on = targetTests();
const test = (name: string, hold: (target: Target) => Promise<void>, revisions = [ONE, TWO]) =>
  on.test(name, revisions, hold);
const testOnBoth = (name: string, hold: (target: Target) => Promise<void>, revisions = [ONE, TWO]) =>
  on.testOnBoth(name, revisions, hold);

async function ok(target: Target, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await target.run(...args);
  assertEquals(code, 0, `mig ${args.join(" ")}: ${stderr}`);
  return stdout + stderr;
}

async function folderOf(target: Target, id: string): Promise<string> {
  for await (const { name } of Deno.readDir(target.files.migrations)) if (name.includes(id)) return name;
  throw new Error(`no folder of ${id}`);
}

/** The database has two revisions of another git branch, whose folders are not here any more. */
async function onOtherBranch(target: Target): Promise<void> {
  await ok(target, "up", "+1");
  const folders = [await target.files.add(OTHER, 5), await target.files.add(LATER, 6)];
  await ok(target, "up", "0000b002");
  for (const folder of folders) await Deno.remove(`${target.files.folder}/${folder}`, { recursive: true });
  assertEquals(await target.applied(), [idAt(0), "0000b001", "0000b002"]);
}

test("mig up refuses what only the database has, and names the ways out", async (target) => {
  await onOtherBranch(target);
  const { code, stderr } = await target.run("up");
  assertEquals(code, 1);
  for (const way of ["mig restore 0000b001", "mig goto head"]) assertStringIncludes(stderr, way);
  assertEquals((await target.applied()).length, 3);
});

test("mig up with nothing to do tells of what only the database has", async (target) => {
  await ok(target, "up");
  assertEquals((await ok(target, "up")).includes("not in this folder"), false);
  const folder = await target.files.add(OTHER, 5);
  await ok(target, "up", "heads");
  await Deno.remove(`${target.files.folder}/${folder}`, { recursive: true });
  assertStringIncludes(
    await ok(target, "up"),
    "Nothing to do: 1 applied revision is not in this folder, see `mig status`; the database is at ",
  );
});

test("mig up with nothing to do tells of edited and unreadable files, as status does", async (target) => {
  await ok(target, "up");
  await target.files.add({ ...TWO, up: "alter table users add phone varchar(20);" }, 1);
  const edited = "Nothing to do: revision 0000a002 was edited after it was applied, see `mig status`; ";
  for (const args of [["up"], ["up", "--dry-run"], ["goto", "head"]]) {
    assertStringIncludes(await ok(target, ...args), edited);
  }
  await Deno.remove(`${target.files.migrations}/${await folderOf(target, idAt(0))}/up.sql`);
  assertStringIncludes(
    await ok(target, "up"),
    "see `mig status`; the up.sql of revision 0000a001 cannot be read, see `mig status`; the database is at ",
  );
  await target.files.write("mig.json", '{ "repeatable": "repeatable" }');
  await target.files.write("repeatable/a.sql", "create or replace view one as select 1 as one;");
  assertMatch(
    await ok(target, "up"),
    /^Revision 0000a002 was edited after it was applied, see `mig status`; /m,
  );
});

test("mig check finds every SQL file that is gone or no file, and compares the others", async (target) => {
  await ok(target, "up");
  await Deno.remove(`${target.files.migrations}/${await folderOf(target, idAt(0))}/up.sql`);
  const down = `${target.files.migrations}/${await folderOf(target, idAt(1))}/down.sql`;
  await Deno.remove(down);
  await Deno.mkdir(down);
  const { code, stdout } = await target.run("check");
  assertEquals(code, 3);
  assertMatch(stdout, /^unreadable: 0000a001 the revision "0000a001" has no up.sql/m);
  assertMatch(stdout, /^file-failed: 0000a002 "[^"]*down.sql" is not a file/m);
  assertEquals(stdout.match(/has no up.sql/g)!.length, 1);
  const files = await target.run("check", "--no-db");
  assertMatch(files.stdout, /^file-failed: 0000a001 the revision "0000a001" has no up.sql/m);
  assertMatch(files.stdout, /^2 problems in the files$/m);
  assertMatch(await ok(target, "status"), /^unreadable: 0000a001 the revision "0000a001" has no up.sql/m);
  for (const args of [["stamp", "base"], ["stamp", "head"]]) {
    // What a dry run says is what is done.
    const [dry, real] = [await target.run(...args, "--dry-run"), await target.run(...args)];
    assertEquals([dry.code, dry.stderr], [real.code, real.stderr]);
  }
});

test("an applied file that is no text any more is told once, and the others too", async (target) => {
  await ok(target, "up");
  const path = `${target.files.migrations}/${await folderOf(target, idAt(0))}/up.sql`;
  const utf16 = (text: string) =>
    new Uint8Array(
      new Uint16Array([0xfeff, ...text].map((c) => typeof c === "string" ? c.charCodeAt(0) : c)).buffer,
    );
  const forms: Readonly<Record<string, Uint8Array>> = {
    "UTF-16, as PowerShell writes": utf16(`${ONE.up}\r\n`),
    "Latin-1": new Uint8Array([...new TextEncoder().encode(`${ONE.up}\n-- `), 0xe9, 0x0a]),
    "with a NUL": new TextEncoder().encode(`${ONE.up}\r\n\0`),
  };
  for (const [form, bytes] of Object.entries(forms)) {
    await Deno.writeFile(path, bytes);
    const { code, stdout, stderr } = await target.run("check", "--ignore", "irreversible");
    assertEquals(code, 3, `${form}: ${stderr}`);
    assertMatch(stdout, /^1 problem /m, form);
    assertMatch(stdout, /^unreadable: 0000a001 /m, form);
    assertMatch(await ok(target, "status"), /^unreadable: 0000a001 /m, form);
    const schema = await target.run("check", "--schema", "--ignore", "irreversible");
    assertEquals(schema.code, 3, `${form}: ${schema.stderr}`);
  }
});

test("mig check tells of files that cannot be read where no server answers too", async (target) => {
  await Deno.remove(`${target.files.migrations}/${await folderOf(target, idAt(0))}/up.sql`);
  const nowhere = "postgres://app@127.0.0.1:1/app";
  const { code, stdout } = await target.run("check", "--database", nowhere);
  assertEquals(code, 3);
  assertMatch(stdout, /^file-failed: 0000a001 the revision "0000a001" has no up.sql/m);
  assertMatch(stdout, /^connection-failed: cannot connect to 127.0.0.1:1/m);
  assertMatch(stdout, /^2 problems in the files and postgres:\/\/app@127.0.0.1:1\/app$/m);
  assertEquals((await target.run("check", "--no-db")).code, 3);
});

test("mig down undoes a revision whose folder is not here by its stored down.sql", async (target) => {
  await onOtherBranch(target);
  assertStringIncludes(await ok(target, "down", "-1", "--dry-run"), "0000b002/down.sql (stored");
  await ok(target, "down", "-1");
  assertEquals(await target.applied(), [idAt(0), "0000b001"]);
  await ok(target, "down", "base");
  assertEquals(await target.applied(), []);
  assertEquals(await target.schema(), "");
});

testOnBoth("mig goto head leads from another branch's state to this folder's", async (target) => {
  await onOtherBranch(target);
  const plan = await ok(target, "goto", "head", "--dry-run");
  assertMatch(plan, /down +0000b002[^]*down +0000b001[^]*up +0000a002/);
  const unasked = await target.run("goto", "head");
  assertEquals(unasked.code, 2);
  assertStringIncludes(unasked.stderr, "--yes");
  assertEquals((await target.applied()).length, 3);

  await ok(target, "goto", "head", "--yes");
  assertEquals(await target.applied(), [idAt(0), idAt(1)]);
  assertEquals(await target.value("to_regclass('other')"), null);
  assertStringIncludes(await ok(target, "goto", "head"), "Nothing to do");
  await ok(target, "goto", idAt(0), "--yes");
  assertEquals(await target.applied(), [idAt(0)]);
  // Where it only goes up, nobody need be asked.
  await ok(target, "goto", "head");
});

testOnBoth("an error in a stored down.sql shows its line, and nothing is lost", async (target) => {
  await target.files.add({ ...OTHER, down: "-- no such table\ndrop table another;\n" }, 5);
  await ok(target, "up", "0000b001");
  await Deno.remove(`${target.files.migrations}/20260101T0005_0000b001`, { recursive: true });
  const { code, stderr } = await target.run("down", idAt(0));
  assertEquals(code, 1);
  assertStringIncludes(stderr, "0000b001/down.sql (stored in the database):2:1\n");
  assertStringIncludes(stderr, "mig restore 0000b001");
  assertEquals(await target.applied(), [idAt(0), "0000b001"]);
}, [ONE]);

testOnBoth("mig restore writes the folders that only the database has", async (target) => {
  await onOtherBranch(target);
  const text = await ok(target, "restore", "0000b002");
  assertStringIncludes(text, "Restored 2 revisions");
  const [folder] = [...Deno.readDirSync(target.files.migrations)].filter(({ name }) =>
    name.includes("0000b001")
  );
  const read = (file: string) => Deno.readTextFile(`${target.files.migrations}/${folder!.name}/${file}`);
  assertEquals(await read("up.sql"), OTHER.up);
  assertEquals(await read("down.sql"), OTHER.down);
  assertEquals(JSON.parse(await read("meta.json")), {
    id: "0000b001",
    parent: idAt(0),
    message: "from another branch",
  });
  assertStringIncludes(await ok(target, "restore"), "Nothing to do");
  // Two heads now, and the database knows which are applied.
  await ok(target, "up", "heads");
  assertEquals((await target.run("restore", idAt(0))).code, 1);
});

test("a folder that was lost from the middle of the chain comes back from the database", async (target) => {
  await target.files.add(LATER_STILL, 2);
  await ok(target, "up");
  const folder = await folderOf(target, idAt(1));
  const read = (file: string) => Deno.readTextFile(`${target.files.migrations}/${folder}/${file}`);
  const before = [await read("up.sql"), await read("down.sql"), JSON.parse(await read("meta.json"))];
  await Deno.remove(`${target.files.migrations}/${folder}`, { recursive: true });
  const { code, stderr } = await target.run("status");
  assertEquals(code, 1);
  assertStringIncludes(stderr, `follows "${idAt(1)}", which is not here`);
  assertStringIncludes(stderr, "`mig restore`");

  const unknown = await target.run("restore", "nosuch");
  assertEquals(unknown.code, 1);
  assertStringIncludes(unknown.stderr, "`mig restore` without a name");
  assert(!unknown.stderr.includes("mig history"), unknown.stderr);

  assertStringIncludes(await ok(target, "restore", idAt(1)), "Restored 1 revision");
  const made = await folderOf(target, idAt(1));
  const after = (file: string) => Deno.readTextFile(`${target.files.migrations}/${made}/${file}`);
  assertEquals(
    [await after("up.sql"), await after("down.sql"), JSON.parse(await after("meta.json"))],
    before,
  );
  assertStringIncludes(await ok(target, "status"), "applied   3 of 3");
  await ok(target, "check", "--ignore", "irreversible");
});

test("what neither the folder nor the database has is not made up by mig restore", async (target) => {
  await ok(target, "up", "+1");
  await target.files.add(LATER_STILL, 2);
  await Deno.remove(`${target.files.migrations}/${await folderOf(target, idAt(1))}`, { recursive: true });
  const { code, stderr } = await target.run("restore");
  assertEquals(code, 1);
  assertStringIncludes(stderr, `follows "${idAt(1)}", which is not here, nor in the database`);
  assertStringIncludes(stderr, `git log --all --oneline -- "*${idAt(1)}*"`);
  assert(!stderr.includes("mig restore"), stderr);
});

test("status tells where the database is though an applied up.sql is missing, and restore writes it", async (target) => {
  await target.files.add(LATER_STILL, 2);
  await ok(target, "up", "+2");
  const path = `${target.files.migrations}/${await folderOf(target, idAt(0))}/up.sql`;
  await Deno.remove(path);
  const status = await ok(target, "status");
  assertStringIncludes(status, "applied   2 of 3");
  assertMatch(status, new RegExp(`unreadable:? .*${idAt(0)}.* has no up.sql`));
  assertStringIncludes(status, `\`mig restore ${idAt(0)}\``);
  assert(!status.includes("next: mig up"), status);
  const check = await target.run("check", "--ignore", "irreversible");
  assertEquals(check.code, 3);
  assertMatch(check.stdout, new RegExp(`unreadable:? .*${idAt(0)}.* has no up.sql`));
  assertStringIncludes(check.stdout, `\`mig restore ${idAt(0)}\``);
  assertEquals(check.stdout.match(/has no up.sql/g)!.length, 1);
  assertMatch(check.stdout, new RegExp(`pending:? .*${idAt(2)}`));
  const refused = await target.run("up");
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.stderr, `the revision "${idAt(0)}" has no up.sql`);
  assertEquals(await target.applied(), [idAt(0), idAt(1)]);

  assertMatch(await ok(target, "restore"), /^made +\S+\/up\.sql +/m);
  assertEquals(await Deno.readTextFile(path), ONE.up);
  await ok(target, "up");
});

test("status tells of a pending up.sql that is missing, and does not send to mig up", async (target) => {
  await ok(target, "up", "+1");
  await Deno.remove(`${target.files.migrations}/${await folderOf(target, idAt(1))}/up.sql`);
  const status = await ok(target, "status");
  assertMatch(status, /^unreadable: 0000a002 the revision "0000a002" has no up.sql: /m);
  assert(!status.includes("next: mig up"), status);
  assertEquals((await target.run("up")).code, 1);
  const { stdout } = await target.run("check");
  assertMatch(stdout, /^unreadable: 0000a002 the revision "0000a002" has no up.sql: /m);
  assert(!stdout.includes("pending"), stdout);
});

test("mig restore writes a down.sql only where the revision is named", async (target) => {
  await ok(target, "up");
  const path = `${target.files.migrations}/${await folderOf(target, idAt(1))}/down.sql`;
  await Deno.remove(path);
  assertStringIncludes(await ok(target, "restore"), "Nothing to do");
  const way = "`mig restore 0000a002` writes the down.sql that it was applied with";
  assertStringIncludes((await target.run("check")).stdout, way);
  assertStringIncludes((await target.run("down", "-1")).stderr, way);
  assertMatch(await ok(target, "restore", idAt(1)), /^made +\S+\/down\.sql +/m);
  assertEquals(await Deno.readTextFile(path), TWO.down);
});

testOnBoth(
  "an edited revision is shown with its difference, refused, and can be accepted",
  async (target) => {
    await ok(target, "up");
    await target.files.add({ ...ONE, up: "-- people\ncreate table users (id integer);" }, 0);
    await target.files.add({ up: "select 1;" }, 2);
    const status = await ok(target, "status");
    assertStringIncludes(status, "+-- people");
    const refused = await target.run("up");
    assertEquals(refused.code, 1);
    assertStringIncludes(refused.stderr, `mig accept ${idAt(0)}`);

    assertEquals((await target.run("accept", idAt(0))).code, 2);
    const accepted = await ok(target, "accept", idAt(0), "--yes");
    assertStringIncludes(accepted, "+-- people");
    assertStringIncludes(accepted, "Recorded");
    assertStringIncludes(await ok(target, "accept", idAt(0), "--yes"), "Nothing to do");
    await ok(target, "up");
    assertStringIncludes(await ok(target, "show", idAt(0), "--applied"), "-- people");
    assertEquals((await target.run("accept", "nosuch")).code, 1);
  },
);

test("mig redo takes up the present text of what is being written", async (target) => {
  await ok(target, "up");
  await target.files.add({ ...TWO, up: "alter table users add phone varchar(20);" }, 1);
  const text = await ok(target, "redo");
  assertStringIncludes(text, "Undid 1 and applied 1 revision");
  assertEquals(
    await target.value("select data_type from information_schema.columns where column_name = 'phone'"),
    "character varying",
  );
  await ok(target, "redo", "2");
  assertEquals(await target.applied(), [idAt(0), idAt(1)]);
  assertEquals((await target.run("redo", "3")).code, 1);
  assertEquals((await target.run("redo", "x")).code, 2);

  await target.files.add({ ...TWO, up: "alter table users add phone nosuchtype;" }, 1);
  const failed = await target.run("redo", "2");
  assertEquals(failed.code, 1);
  assertStringIncludes(failed.stderr, `the last one applied is ${idAt(0)}`);
  assertStringIncludes(failed.stderr, "and run `mig up` again");
  assertEquals(await target.applied(), [idAt(0)]);
});

test("mig redo takes a merge revision like any other", async (target) => {
  await target.files.add({ ...OTHER, parent: idAt(0) }, 2);
  await target.files.add(
    { id: "0000c001", parent: [idAt(1), "0000b001"], message: "join", up: "select 1;" },
    3,
  );
  await ok(target, "up");
  assertStringIncludes(await ok(target, "redo"), "Undid 1 and applied 1 revision");
  const { code, stderr } = await target.run("redo", "2");
  assertEquals(code, 1);
  assertStringIncludes(stderr, "`mig goto 0000b001`, then `mig up 0000c001`");
  await ok(target, "goto", "0000b001", "--yes");
  await ok(target, "up", "0000c001");
  assertEquals((await target.applied()).length, 4);
});

test("mig check exits with 3 for whatever is wrong, and 0 where all is well", async (target) => {
  const check = async (...args: string[]) => {
    const { code, stdout } = await target.run("check", "--json", ...args);
    const { data } = JSON.parse(stdout);
    return [
      code,
      ...data.problems.map(({ kind, revision }: Record<string, string>) => `${kind} ${revision}`),
    ];
  };
  assertEquals(await check(), [3, `pending ${idAt(0)}`, `pending ${idAt(1)}`]);
  assertEquals(await check("--ignore", "pending"), [0]);
  assertEquals(await check("--no-db"), [0]);
  await ok(target, "up");
  assertEquals(await check(), [0]);
  await target.files.add({ ...ONE, up: "-- other\n" }, 0);
  assertEquals(await check(), [3, `edited ${idAt(0)}`]);
  await target.files.add(ONE, 0);
  await target.files.add({ ...OTHER, down: null, up: "select 1;\ncommit;" }, 5);
  assertEquals(await check("--no-db"), [
    3,
    "heads-multiple null",
    "irreversible 0000b001",
    "sql-refused 0000b001",
  ]);
  assertEquals(await check(), [
    3,
    "late 0000b001",
    "heads-multiple null",
    "irreversible 0000b001",
    "sql-refused 0000b001",
  ]);
  const { stdout } = await target.run("check", "--no-db");
  assertMatch(stdout, /^sql-refused: 0000b001 .*0000b001\/up\.sql:2:1$/m);
  await target.files.write(
    "migrations/20260101T0005_0000b001/meta.json",
    '{ "id": "0000b001", "parrent": null }',
  );
  const [code, ...broken] = await check("--no-db");
  assertEquals([code, ...new Set(broken)], [3, "metadata-invalid null"]);
  assertEquals((await target.run("check", "--ignore", "weather")).code, 2);
});

Deno.test({
  name: "mig goto asks at a terminal, and takes yes for yes and all else for no",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using target = await TARGETS.server([ONE, TWO]);
    await ok(target, "up");
    const ask = async (answer: string) => {
      const { stdout } = await target.shell(
        `{ sleep 0.7; printf '${answer}'; sleep 0.3; } | script -qec 'mig goto 0000a001; echo exit $?' /dev/null`,
      );
      return stdout;
    };
    const refused = await ask("\\n");
    assertStringIncludes(refused, "Go on? [y/N]");
    assertStringIncludes(refused, "down 0000a002");
    assertStringIncludes(refused, "exit 130");
    for (const no of ["n\\n", "\\004", "\\003"]) {
      assertStringIncludes(await ask(no), "exit 130");
      assertEquals(await target.applied(), [idAt(0), idAt(1)]);
    }
    const done = await ask("y\\n");
    assertStringIncludes(done, "exit 0");
    assertEquals(await target.applied(), [idAt(0)]);
    assert(!/^\s+at /m.test(done), done);
  },
});
