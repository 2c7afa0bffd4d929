import { assertEquals } from "@std/assert";
import { readSchemaFiles } from "../../../src/storage/schema_files.ts";
import { readSqlFile, slashHint } from "../../../src/storage/sql_file.ts";
import { faultOf, TestFolder } from "./folders.ts";

const HINT = 'only Windows separates folders by "\\": write db/up.sql';

Deno.test("slashHint() says how a path of Windows is written elsewhere", () => {
  assertEquals(slashHint("db\\up.sql", "/"), [HINT]);
  assertEquals(slashHint("db/up.sql", "/"), []);
  assertEquals(slashHint("db\\up.sql", "\\"), []);
});

Deno.test({
  name: "a SQL file that is named as on Windows is not there, and the error says why",
  ignore: Deno.build.os === "windows",
  async fn() {
    for (const read of [readSqlFile, readSchemaFiles]) {
      const error = await faultOf(() => read("db\\up.sql"));
      assertEquals(error.hints.at(-1), HINT);
    }
  },
});

Deno.test({
  name: "readSchemaFiles() reads a file whose name has a backslash, where that is a letter",
  ignore: Deno.build.os === "windows",
  fn() {
    using folder = new TestFolder().write({ "a\\b.sql": "select 1;\r\n", "c/d.sql": "" });
    const files = readSchemaFiles(`${folder.path}/`)!;
    assertEquals(files.map(({ path }) => folder.short(path)), ["$/a\\b.sql", "$/c/d.sql"]);
  },
});
