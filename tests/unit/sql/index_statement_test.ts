import { assertEquals } from "@std/assert";
import { indexConcurrently } from "../../../src/sql/index_statement.ts";

const read = (text: string) => indexConcurrently({ text });
const created = (table: string, name?: string, schema?: string, ifNotExists = false) => ({
  kind: "create" as const,
  schema,
  name,
  table,
  ifNotExists,
});
const dropped = (name: string, schema?: string) => ({
  kind: "drop" as const,
  schema,
  name,
  ifNotExists: false,
});

Deno.test("indexConcurrently() reads CREATE INDEX CONCURRENTLY", () => {
  assertEquals(read("create index concurrently i on t (a)"), created("t", "i"));
  assertEquals(
    read("CREATE UNIQUE INDEX CONCURRENTLY /* a */ IF NOT EXISTS I ON ONLY S.T USING btree (a)"),
    created("t", "i", "s", true),
  );
  assertEquals(read("create index concurrently on t (a)"), created("t"));
  assertEquals(read("create index concurrently i on db.s.t (a)"), created("t", "i", "s"));
});

Deno.test("indexConcurrently() reads DROP INDEX CONCURRENTLY", () => {
  assertEquals(read("drop index concurrently i"), dropped("i"));
  assertEquals(read('drop index concurrently if exists S."I x" cascade'), dropped("I x", "s"));
});

Deno.test("indexConcurrently() gives names as the catalog has them", () => {
  assertEquals(
    read('create index concurrently "I ""x"" (a" on "S;x"."T.y" (a)'),
    created("T.y", 'I "x" (a', "S;x"),
  );
  assertEquals(read("create index concurrently ÉTÉ_A$1 on T (a)"), created("t", "ÉtÉ_a$1"));
  assertEquals(read('create index concurrently "on" on "only" (a)'), created("only", "on"));
});

Deno.test("indexConcurrently() cuts names to 63 bytes at the end of a character, as PostgreSQL does", () => {
  assertEquals(read(`drop index concurrently ${"x".repeat(70)}`), dropped("x".repeat(63)));
  assertEquals(read(`drop index concurrently ${"é".repeat(40)}`), dropped("é".repeat(31)));
  assertEquals(read(`drop index concurrently "${"😀".repeat(16)}"`), dropped("😀".repeat(15)));
});

Deno.test("indexConcurrently() is null for anything else, several indexes, and names that it cannot read", () => {
  const others = [
    "create index i on t (a)",
    "drop index i",
    "drop index concurrently i, j",
    "drop index concurrently s.i, j",
    "reindex index concurrently i",
    "create table concurrently (a int)",
    "create unique table",
    'drop index concurrently U&"d\\0061ta"',
    'create index concurrently U&"d\\0061ta" on t (a)',
    "create index concurrently i",
    "create index concurrently i on",
    "create index concurrently",
    "drop index concurrently",
    "drop index concurrently if exists",
    "drop index concurrently s.",
    "",
  ];
  for (const text of others) assertEquals(read(text), null, text);
});
