import { assertEquals } from "@std/assert";
import { standaloneEffect } from "../../../src/sql/standalone.ts";

const read = (text: string) => standaloneEffect({ text });

Deno.test("standaloneEffect() reads what stays in the catalog", () => {
  assertEquals(read("create index concurrently if not exists i on s.t (a)"), {
    kind: "index",
    change: { kind: "create", schema: "s", name: "i", table: "t", ifNotExists: true },
  });
  assertEquals(read('DROP DATABASE IF EXISTS "Shop"'), {
    kind: "object",
    change: "drop",
    of: "database",
    name: "Shop",
  });
  assertEquals(read("create tablespace fast location '/x'"), {
    kind: "object",
    change: "create",
    of: "tablespace",
    name: "fast",
  });
  assertEquals(read('alter table if exists app.log detach partition "Old" concurrently'), {
    kind: "detach",
    table: { schema: "app", name: "log" },
    partition: { schema: undefined, name: "Old" },
  });
});

Deno.test("standaloneEffect() reads both ways to write REINDEX CONCURRENTLY", () => {
  for (const text of ["reindex table concurrently a.t", "REINDEX (VERBOSE, CONCURRENTLY) TABLE a.t"]) {
    assertEquals(read(text), { kind: "reindex", of: "table", object: { schema: "a", name: "t" } });
  }
  assertEquals(read("reindex database concurrently"), { kind: "reindex", of: "database", object: null });
  assertEquals(read("reindex schema concurrently app"), {
    kind: "reindex",
    of: "schema",
    object: { schema: undefined, name: "app" },
  });
});

Deno.test("standaloneEffect() is null for what leaves nothing to look for", () => {
  for (
    const text of [
      "vacuum t",
      "call p()",
      "reindex table t",
      "reindex (verbose) index i",
      "alter table t detach partition p",
      "alter table t detach partition p finalize",
      "alter table t add column detach int",
      'create database U&"d"',
      "create index concurrently on t (a)",
      "create",
      "",
    ]
  ) assertEquals(read(text), null, text);
});
