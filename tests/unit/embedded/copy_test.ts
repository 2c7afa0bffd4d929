import { assertEquals } from "@std/assert";
import { asksForData, mayAskForData } from "../../../src/embedded/copy.ts";

const ASKS = [
  "copy t from stdin",
  "COPY public.t (a, b) FROM STDIN WITH (FORMAT csv);",
  "copy t from /* here */ stdin",
  "copy t from -- here\n stdin",
  'copy "from stdin" from stdin',
  "select 1; copy t from stdin; select 2",
  "select 'a;b'; copy t from stdin",
  "/* first */ copy binary t from stdin",
];

const DOES_NOT_ASK = [
  "select 'copy t from stdin'",
  "create function f() returns void language plpgsql as $$ begin execute 'copy t from stdin'; end $$",
  "-- copy t from stdin\nselect 1",
  "/* copy t from stdin */ select 1",
  "copy t from '/tmp/stdin'",
  'copy t from "stdin"',
  "copy (select stdin from stdin) to stdout",
  "select copy from stdin",
  "insert into copy values (1); select x from stdin",
];

const HAS_NO_SUCH_WORDS = ["select 1", "copy t to stdout", "select * from stdin", "copytable from stdin"];

Deno.test("asksForData() finds COPY … FROM stdin among a message's statements", () => {
  for (const sql of ASKS) assertEquals(asksForData(sql), true, sql);
});

Deno.test("asksForData() is not misled by strings, comments, bodies and names", () => {
  for (const sql of DOES_NOT_ASK) assertEquals(asksForData(sql), false, sql);
  for (const sql of HAS_NO_SUCH_WORDS) assertEquals(asksForData(sql), false, sql);
});

Deno.test("asksForData() leaves a text that does not end to PostgreSQL", () => {
  assertEquals(asksForData("select 'copy t from stdin"), false);
  assertEquals(asksForData("copy t from stdin; select 'x"), true);
});

Deno.test("mayAskForData() holds for every text that asks", () => {
  for (const sql of ASKS) assertEquals(mayAskForData(sql), true, sql);
  for (const sql of HAS_NO_SUCH_WORDS) assertEquals(mayAskForData(sql), false, sql);
});
