/** Files that are too large to be held in memory. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { checksum } from "../../src/revision/checksum.ts";
import { COPY_LINES, INSERT_LINES, VALUES_LINES, writeLines } from "../support/large_file.ts";
import { peakMemory } from "../support/memory.ts";
import { idAt } from "../support/project.ts";
import { type Target, TARGETS } from "../support/target.ts";

const MB = 1 << 20;
/** From 8 MB on a file is read piece by piece. */
const LARGE = 9 * MB;
const MOST_MEMORY_MB = 300;

async function onServer(act: (target: Target, up: string) => Promise<void>): Promise<void> {
  await using target = await TARGETS.server([]);
  const folder = await target.files.add({ up: "", down: "drop table big;" }, 0);
  await act(target, `${target.files.folder}/${folder}/up.sql`);
}

for (
  const [what, lines, size] of [
    ["100 MB of COPY data", COPY_LINES, 100 * MB],
    ["10 MB of INSERTs", INSERT_LINES, 10 * MB],
    ["one statement of 20 MB", VALUES_LINES, 20 * MB],
  ] as const
) {
  Deno.test(`${what} take less than ${MOST_MEMORY_MB} MB of memory`, () =>
    onServer(async (target, up) => {
      const rows = await writeLines(up, lines, size);
      const running = target.start("up");
      const peak = await peakMemory(running.process);
      const { code, stderr } = await running.result;
      assertEquals(code, 0, stderr);
      assertEquals(await target.value("(select count(*) from big where id > 0)"), String(rows));
      assertEquals(await target.value("(select sum(id) from big)"), String(rows * (rows + 1) / 2));
      if (peak !== null) assert(peak > 20 && peak < MOST_MEMORY_MB, `${Math.round(peak)} MB`);
    }));
}

Deno.test("a large file is recorded by its checksum, and every command says what that means", () =>
  onServer(async (target, up) => {
    await writeLines(up, COPY_LINES, LARGE);
    const planned = await target.run("up", "--dry-run");
    assertEquals(planned.code, 0, planned.stderr);
    assertEquals((await target.run("check", "--no-db", "--ignore", "irreversible")).code, 0);
    const applied = await target.run("up");
    assertEquals(applied.code, 0, applied.stderr);
    const text = await Deno.readTextFile(up);
    assertEquals(await target.value("(select checksum from mig_version)"), checksum(text));
    assertStringIncludes((await target.value("(select up_sql from mig_version)"))!, "-- mig: not-kept ");
    assertEquals((await target.run("check")).code, 0);
    const shown = await target.run("show", "head", "--applied");
    assertStringIncludes(shown.stdout, "too much to be stored with its row");

    await Deno.writeTextFile(up, `${text}-- edited\n`);
    const edited = await target.run("status");
    assertStringIncludes(edited.stdout, "was edited after it was applied");
    assertStringIncludes(edited.stdout, `too large to be compared; SHA-256 ${checksum(text)}`);
    const accepted = await target.run("accept", idAt(0), "--yes");
    assertEquals(accepted.code, 0, accepted.stderr);
    assertEquals((await target.run("check")).code, 0);
    assertEquals(await target.value("(select checksum from mig_version)"), checksum(`${text}-- edited\n`));

    const stamped = await target.run("stamp", "base");
    assertEquals(stamped.code, 0, stamped.stderr);
    const again = await target.run("stamp", "head");
    assertEquals(again.code, 0, again.stderr);
    assertEquals((await target.run("check")).code, 0);

    const folder = up.replace(/\/up\.sql$/, "");
    await Deno.rename(folder, `${target.files.folder}/elsewhere`);
    const restored = await target.run("restore");
    assertEquals(restored.code, 1);
    assertStringIncludes(
      restored.stderr,
      'the up.sql of revision 0000a001 "revision 1" was too large to be stored',
    );
    const down = await target.run("down", "base");
    assertEquals(down.code, 0, down.stderr);
    assertEquals(await target.value("to_regclass('big')"), null);
  }));

Deno.test("a large down.sql runs from its file, and never from what stands for it", () =>
  onServer(async (target, up) => {
    await Deno.writeTextFile(up, "create table big (id bigint, note text);");
    const down = up.replace(/up\.sql$/, "down.sql");
    await writeLines(
      down,
      { ...COPY_LINES, head: "copy big from stdin;\n", tail: "\\.\ndrop table big;\n" },
      LARGE,
    );
    assertEquals((await target.run("up")).code, 0);
    const folder = up.replace(/\/up\.sql$/, "");
    await Deno.rename(folder, `${target.files.folder}/elsewhere`);
    const refused = await target.run("down", "base");
    assertEquals(refused.code, 1);
    assertStringIncludes(refused.stderr, "the down.sql of revision 0000a001");
    assertEquals(await target.value("(select count(*) from mig_version)"), "1");
    await Deno.rename(`${target.files.folder}/elsewhere`, folder);
    const done = await target.run("down", "base");
    assertEquals(done.code, 0, done.stderr);
    assertEquals(await target.value("to_regclass('big')"), null);
  }));

for (
  const [what, tail, message, place] of [
    [
      "in a statement",
      "-- 😀\n  /* 😀 */ select nothing;\n",
      'column "nothing" does not exist',
      "18",
    ],
    [
      "that the parser finds",
      "\n-- 😀\n\n select 'a' frm t;\n",
      "syntax error at or near",
      "17",
    ],
  ] as const
) {
  Deno.test(`an error ${what} at the end of a large file has its line, column and excerpt`, () =>
    onServer(async (target, up) => {
      const lines = await writeLines(up, { ...COPY_LINES, tail: `\\.\n${tail}` }, LARGE);
      const { code, stderr } = await target.run("up");
      assertEquals(code, 1);
      assertStringIncludes(stderr, message);
      const text = await Deno.readTextFile(up);
      const line = text.split("\n").findIndex((line) => line.includes("select ")) + 1;
      assert(line > lines);
      assertStringIncludes(stderr, `up.sql:${line}:${place}`);
      assertStringIncludes(stderr, `${line} | ${text.split("\n")[line - 1]}`);
      assertEquals(await target.value("to_regclass('big')"), null);
      assertEquals(await target.applied(), []);
    }));
}

Deno.test("an error in the data of a large COPY has its line", () =>
  onServer(async (target, up) => {
    const count = await writeLines(up, { ...COPY_LINES, tail: "not a number\tx\n\\.\n" }, LARGE);
    const { code, stderr } = await target.run("up");
    assertEquals(code, 1);
    assertStringIncludes(stderr, "invalid input syntax for type bigint");
    assertStringIncludes(stderr, `up.sql:${count + 3}:1`);
    assertStringIncludes(stderr, `${count + 3} | not a number`);
    assertEquals(await target.applied(), []);
  }));

Deno.test("what the server refuses at the beginning of a large COPY is not sent to its end", () =>
  onServer(async (target, up) => {
    const lines = { ...COPY_LINES, head: COPY_LINES.head.replace("(id bigint", "(ident bigint") };
    await writeLines(up, lines, 60 * MB);
    const { code, stderr } = await target.run("up");
    assertEquals(code, 1);
    assertStringIncludes(stderr, 'column "id" of relation "big" does not exist');
    assertStringIncludes(stderr, "up.sql:2");
    assertEquals(await target.applied(), []);
  }));

for (
  const [what, tail, message] of [
    ["transaction control", "\n  commit;\n", "COMMIT would end or escape the transaction"],
    ["a quote that does not end", "\n  select 'it''s;\n", "the string that begins here does not end"],
    ["a command of psql", "\n  \\i other.sql\n", "\\i is a command of psql"],
    [
      "data that does not end",
      "\n  copy big from stdin;\n1\tx\n",
      "the data of the COPY that begins here does not end",
    ],
    ["a NUL", "\n  select '\0';", "there is a NUL character"],
    ["a directive that comes too late", "\n  -- mig: no-transaction\n", "stands behind the first statement"],
  ] as const
) {
  Deno.test(`${what} at the end of a large file is refused before anything runs, with its line`, () =>
    onServer(async (target, up) => {
      const lines = await writeLines(up, { ...COPY_LINES, tail: `\\.${tail}` }, LARGE);
      const { code, stderr } = await target.run("up");
      assertEquals(code, 1);
      assertStringIncludes(stderr, message);
      assertStringIncludes(stderr, `up.sql:${lines + 4}:`);
      assertEquals(await target.applied(), []);
      assertEquals(await target.value("to_regclass('mig_version')"), null);
      const checked = await target.run("check", "--no-db");
      assertEquals(checked.code, 3);
      assertStringIncludes(checked.stdout, message);
    }));
}

Deno.test("a large file that is changed while it runs is not committed", () =>
  onServer(async (target, up) => {
    await writeLines(up, { ...COPY_LINES, head: `select pg_sleep(1.5);\n${COPY_LINES.head}` }, LARGE);
    const running = target.start("up");
    for (;;) {
      const sleeping =
        "(select count(*) from pg_stat_activity where query like '%pg_sleep%' and datname = current_database() and pid <> pg_backend_pid())";
      if (await target.value(sleeping) !== "0") break;
    }
    await Deno.writeTextFile(up, "insert into big values (1, 'one more');\n", { append: true });
    const { code, stderr } = await running.result;
    assertEquals(code, 1);
    assertStringIncludes(stderr, "was changed while mig was running");
    assertEquals(await target.applied(), []);
    assertEquals(await target.value("to_regclass('big')"), null);
    const again = await target.run("up");
    assertEquals(again.code, 0, again.stderr);
  }));

Deno.test("Ctrl-C in the middle of a large COPY leaves nothing", () =>
  onServer(async (target, up) => {
    await writeLines(up, COPY_LINES, 60 * MB);
    const running = target.start("up");
    while (
      await target.value(
        "(select count(*) from pg_stat_progress_copy where datname = current_database())",
      ) === "0"
    );
    running.process.kill("SIGINT");
    const { code, stderr } = await running.result;
    assertEquals(code, 130, stderr);
    assertEquals(await target.applied(), []);
    assertEquals(await target.value("to_regclass('big')"), null);
  }));

Deno.test("a large file without a transaction runs like a small one, up to a size that is told", () =>
  onServer(async (target, up) => {
    const head = `-- mig: no-transaction\n${INSERT_LINES.head}`;
    await Deno.writeTextFile(
      up,
      `${head}${`-- ${"x".repeat(997)}\n`.repeat(9000)}insert into big values (1, 'x');\n`,
    );
    const { code, stderr } = await target.run("up");
    assertEquals(code, 0, stderr);
    assertEquals(await target.value("(select length(up_sql) > 9000000 from mig_version)"), "true");
    assertEquals((await target.run("down", "base")).code, 0);
    await Deno.writeTextFile(up, `${head}${`-- ${"x".repeat(997)}\n`.repeat(68_000)}`);
    const refused = await target.run("up");
    assertEquals(refused.code, 1);
    assertStringIncludes(refused.stderr, "a file that runs without a transaction can have up to 64.0 MB");
  }));

Deno.test("what needs a whole file refuses one that is too large, and says what to do", () =>
  onServer(async (target, up) => {
    await Deno.writeTextFile(up, "select 1;\n" + `-- ${"x".repeat(997)}\n`.repeat(68_000));
    for (const args of [["up", "--sql"], ["new", "copy", "--up", up]]) {
      const { code, stderr } = await target.run(...args);
      assertEquals(code, 1, args.join(" "));
      assertStringIncludes(stderr, "too much to be shown or copied");
    }
    const shown = await target.run("show", "head");
    assertEquals(shown.code, 0, shown.stderr);
    assertStringIncludes(shown.stdout, "too much to be shown");
  }));

for (const kind of ["server", "embedded"] as const) {
  Deno.test(`a large file with everything in it runs on the ${kind === "server" ? "server" : "embedded database"}`, async () => {
    await using target = await TARGETS[kind]([]);
    const folder = await target.files.add({ up: "" }, 0);
    const rows = await writeLines(`${target.files.folder}/${folder}/up.sql`, {
      ...COPY_LINES,
      head: `\uFEFF-- mig: lock-timeout 5s\r\n\\restrict abc\n${COPY_LINES.head}`,
      tail: `\\.\n
create function f() returns text language sql begin atomic select 'a;😀'::text; end;
do $a$ begin insert into big values (-1, $$;$$); end $a$;
/* nested /* ; */ ; */ insert into big values (-2, E'\\';'), (-3, U&'\\0061;'), (-4, f());
copy big from stdin;\n-5\t\\N\n-6\t\\\\.\n\\.\n\\unrestrict abc\nselect 1`,
    }, LARGE);
    const { code, stderr } = await target.run("up");
    assertEquals(code, 0, stderr);
    assertEquals(await target.value("(select count(*) from big)"), String(rows + 6));
    const notes = "(select string_agg(coalesce(note, 'null'), ' ' order by id desc) from big where id < 0)";
    assertEquals(await target.value(notes), "; '; a; a;😀 null \\.");
    assertEquals(await target.applied(), [idAt(0)]);
  });
}
