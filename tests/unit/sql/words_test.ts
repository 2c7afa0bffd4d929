import { assert, assertEquals } from "@std/assert";
import { commandOf, labelOf, leadingTokens } from "../../../src/sql/words.ts";

const command = (text: string) => commandOf({ text });
const label = (text: string) => labelOf({ text });

Deno.test("leadingTokens() passes over comments, and folds words as PostgreSQL does", () => {
  assertEquals(
    leadingTokens({ text: "/* a */ Create -- b\n TABLE \"Ab\".ÉTÉ ('X')" }, 6),
    ["create", "table", '"Ab"', ".", "ÉtÉ", "("],
  );
});

Deno.test("commandOf() names the command without what it is applied to", () => {
  const commands = {
    "create table users (id int)": "CREATE TABLE",
    "create temp table t as select 1": "CREATE TABLE",
    "create global temporary table t (a int)": "CREATE TABLE",
    "Create Or /* x */ Replace Function f() returns int return 1": "CREATE FUNCTION",
    "create unique index i on t (a)": "CREATE INDEX",
    "create unique index concurrently i on t (a)": "CREATE INDEX CONCURRENTLY",
    "drop index concurrently i": "DROP INDEX CONCURRENTLY",
    "reindex table concurrently t": "REINDEX TABLE CONCURRENTLY",
    "reindex (verbose) table t": "REINDEX TABLE",
    "create or replace recursive view v (a) as select 1": "CREATE VIEW",
    "create constraint trigger t after insert on a execute function f()": "CREATE TRIGGER",
    "create materialized view v as select 1": "CREATE MATERIALIZED VIEW",
    "refresh materialized view concurrently v": "REFRESH MATERIALIZED VIEW",
    "alter default privileges grant select on tables to a": "ALTER DEFAULT PRIVILEGES",
    "drop foreign data wrapper if exists w": "DROP FOREIGN DATA WRAPPER",
    "create text search configuration c (copy = simple)": "CREATE TEXT SEARCH CONFIGURATION",
    "alter system set work_mem = '1MB'": "ALTER SYSTEM",
    'drop "table"': "DROP",
    "insert into t values (1)": "INSERT",
    "(select 1) union select 2": "SELECT",
    "comment on table t is 'x'": "COMMENT",
    "start transaction read only": "START TRANSACTION",
    "rollback to savepoint a": "ROLLBACK TO",
    "commit and chain": "COMMIT",
    "commit prepared 'x'": "COMMIT PREPARED",
    "discard all": "DISCARD ALL",
    "'?'": "'?'",
  };
  for (const [text, name] of Object.entries(commands)) assertEquals(command(text), name, text);
});

Deno.test("labelOf() tells what a statement does, on one line", () => {
  const labels = {
    "create table if not exists public.users (\n id int)": "create table if not exists public.users",
    "CREATE UNIQUE INDEX CONCURRENTLY i\n  ON /* big */ users (phone)":
      "CREATE UNIQUE INDEX CONCURRENTLY i ON users",
    "alter table users\n  add column phone text": "alter table users add column phone text",
    "insert into users values (1)": "insert into users",
    "update users set a = 1": "update users",
    "delete from users where a = 1": "delete from users",
    "comment on column a.b is 'c'": "comment on column a.b",
    "set search_path = 'a'": "set search_path",
    "set search_path to 'a'": "set search_path",
    "select pg_catalog.set_config('a', 'b', false)": "select pg_catalog.set_config",
    "create view v as select 1": "create view v",
    "do $$ begin null; end $$": "do",
    'create table "a\nb" (c int)': 'create table "a b"',
    "(select 1)": "(select 1)",
    "'x'": "'X'",
  };
  for (const [text, line] of Object.entries(labels)) assertEquals(label(text), line, text);
});

Deno.test("labelOf() is never longer than sixty code points", () => {
  const long = label(`create table ${"😀".repeat(100)} (a int)`);
  assertEquals([...long].length, 60);
  assert(long.endsWith("😀…"), long);
  assertEquals([...label(`grant select on ${"a, ".repeat(1_000_000)} to b`)].length, 60);
  assertEquals(label(`drop table ${"a".repeat(49)}`).length, 60);
});
