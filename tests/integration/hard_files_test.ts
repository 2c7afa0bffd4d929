/** Files as people write them, and as their editors save them: on a server and on the embedded database. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { VALUES_LINES, writeLines } from "../support/large_file.ts";
import { peakMemory } from "../support/memory.ts";
import { idAt } from "../support/project.ts";
import { TARGETS } from "../support/target.ts";

const FILES = {
  "nothing at all": "",
  "comments alone": "-- one;\n/* two; /* three; */ ; */\n-- four",
  "space and semicolons alone": " \r\n;;\t;\n",
  "dollar quotes and tags": `create function dollars() returns text language plpgsql as $body$
begin
  execute 'select $1' using 1; -- ; $$ $b$
  return $$a;$$ || $a$b;$$;$a$ || $é$;$é$;
end $body$;`,
  "nested comments":
    "select 1 /* ; /* ; */ ; -- ; */ as a;\ncreate table nested (x text /* ; */ default ';' -- ;\n);",
  "strings with escapes":
    `create table strings as select E'\\';\\\\' as a, ';''\\' as b, U&'!003B;' uescape '!' as c, N';' as d, E'a;'\n 'b\\';' as e;`,
  "quoted identifiers": 'create table "a;""b" ("c;d" int, U&"\\0065;f" int, "\\" int);',
  "bodies without quotes": `create table log (x int);
create function atomic(n int) returns int language sql begin atomic
  insert into log values (n);
  select case when n > 0 then (select case n when 1 then 2 else 3 end) else 0 end;
end;
create procedure log_twice() language sql begin atomic insert into log values (1); insert into log values (2); end;
create rule nothing as on delete to log do instead (select 1; select 2);`,
  "CR LF and a byte order mark":
    "\uFEFFcreate table dos (a text);\r\n-- a comment;\r\ninsert into dos values ('a\r\nb');\r\ncopy dos from stdin;\r\nc\r\n\\.\r\n",
} as const;

for (const kind of ["server", "embedded"] as const) {
  const on = kind === "server" ? "on a server" : "on the embedded database";

  Deno.test(`files with all that confuses splitters run ${on}`, async () => {
    await using target = await TARGETS[kind](
      Object.entries(FILES).map(([message, up]) => ({ message, up, down: null })),
    );
    const { code, stderr } = await target.run("up");
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, "no statement in the file");
    assertEquals((await target.applied()).length, Object.keys(FILES).length);
    assertEquals(await target.value("dollars()"), "a;b;$$;;");
    const strings = await target.value("(select concat_ws('|', a, b, c, d, e) from strings)");
    assertEquals(strings, "';\\|;'\\|;;|;|a;b';");
    assertEquals(
      await target.value(
        "(select string_agg(attname, ' ' order by attnum) from pg_attribute where attrelid = '\"a;\"\"b\"'::regclass and attnum > 0)",
      ),
      "c;d e;f \\",
    );
    assertEquals(await target.value("atomic(1)"), "2");
    assertEquals(await target.value("(select string_agg(a, ' ') from dos)"), "a\r\nb c");
  });

  Deno.test(`the place of an error counts what people see, behind emoji, CR LF and a byte order mark, ${on}`, async () => {
    const up =
      "\uFEFFselect 1;\r\n-- 😀\r\ninsert into log (a) values ('😀👨‍👩‍👧', 'é'),\r\n  ('😀', nothing);\r\n";
    await using target = await TARGETS[kind]([{ up: "create table log (a text, b text);" }, { up }]);
    const { code, stderr } = await target.run("up");
    assertEquals(code, 1);
    // In code points, as editors count: the family is five of them.
    assertStringIncludes(stderr, "up.sql:3:39\n");
    assertEquals(await target.applied(), [idAt(0)]);
  });

  Deno.test(`a file of 50,000 statements runs ${on}`, async () => {
    const up = "create table t (x int);\n" +
      Array.from({ length: 49_999 }, (_, i) => `insert into t values (${i});`).join("\n");
    await using target = await TARGETS[kind]([{ up }]);
    const running = target.start("up");
    const peak = await peakMemory(running.process);
    const { code, stderr } = await running.result;
    assertEquals(code, 0, stderr);
    assertEquals(await target.value("(select count(distinct x) from t)"), "49999");
    if (peak !== null && kind === "server") assert(peak < 300, `${Math.round(peak)} MB`);
  });

  Deno.test(`folders that Kubernetes mounts from a ConfigMap run ${on}`, async () => {
    await using target = await TARGETS[kind]([]);
    const { migrations } = target.files;
    const mounted = async (time: string, sql: string) => {
      const folder = `${migrations}/one`;
      await Deno.mkdir(`${folder}/..${time}`, { recursive: true });
      await Deno.writeTextFile(
        `${folder}/..${time}/meta.json`,
        '{ "id": "0000a001", "parent": null, "message": "one" }',
      );
      await Deno.writeTextFile(`${folder}/..${time}/up.sql`, sql);
      await Deno.symlink(`..${time}`, `${folder}/..data_tmp`);
      await Deno.rename(`${folder}/..data_tmp`, `${folder}/..data`);
    };
    await mounted("2026_01_01_00_00_00.1", "create table first (x int);");
    for (const name of ["meta.json", "up.sql"]) {
      await Deno.symlink(`..data/${name}`, `${migrations}/one/${name}`);
    }
    const { code, stderr } = await target.run("up");
    assertEquals(code, 0, stderr);
    assertEquals(await target.value("to_regclass('first')"), "first");
    await mounted("2026_01_02_00_00_00.2", "create table first (x int); -- edited");
    assertStringIncludes((await target.run("status")).stdout, "was edited after it was applied");
  });
}

Deno.test("one statement of 20 MB runs on the embedded database", async () => {
  await using target = await TARGETS.embedded([]);
  const folder = await target.files.add({ up: "" }, 0);
  const rows = await writeLines(`${target.files.folder}/${folder}/up.sql`, VALUES_LINES, 20 << 20);
  const { code, stderr } = await target.run("up");
  assertEquals(code, 0, stderr);
  assertEquals(await target.value("(select count(*) from big)"), String(rows + 1));
});
