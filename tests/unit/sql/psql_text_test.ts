import { assertEquals } from "@std/assert";
import { addedEnumValue } from "../../../src/sql/enum_value.ts";
import { psqlText } from "../../../src/sql/psql_text.ts";
import { parseScript } from "../../../src/sql/script.ts";
import type { SqlStatement } from "../../../src/sql/statement.ts";
import { corpusCases } from "./corpus.ts";

function forPsql(text: string): string {
  const { statements, rest } = psqlText(parseScript(text, "up.sql"));
  return statements.join("") + rest;
}

Deno.test("psqlText() leaves a file as it is wherever it can", () => {
  for (
    const text of [
      "",
      "-- only a comment",
      "create table t (); -- one\n\n/* two; */ insert into t values (';', $$;$$);\n-- end",
      "copy t from stdin; -- data\n1\ta:b\n\\\\.\n\\.\nselect 1;\n",
      "copy t from stdin\n;\n\\.\n",
      "select '2026-01-01 :name'::date, \":name\", a := 1, $$ :name $$, b::text[] -- :name\n;",
    ]
  ) assertEquals(forPsql(text), text);
});

Deno.test("psqlText() closes the last statement, before its comment", () => {
  assertEquals(forPsql("select 1; select 2 -- two"), "select 1; select 2; -- two");
});

Deno.test("psqlText() drops the commands of psql that mig passes over", () => {
  assertEquals(forPsql("\\restrict a'b\nselect 1;\n\\unrestrict a'b\n"), "\nselect 1;\n\n");
});

Deno.test("psqlText() keeps psql from putting variables behind a colon", () => {
  assertEquals(forPsql("select a[1:n], a[:n], a[1:2];"), "select a[1: n], a[: n], a[1: 2];");
  assertEquals(
    forPsql("select a[1:\"n\"], a[1:'2'], a[b::int:c];"),
    "select a[1: \"n\"], a[1: '2'], a[b::int: c];",
  );
});

Deno.test("psqlText() ends COPY data as its lines end", () => {
  assertEquals(
    forPsql("copy t from stdin;\r\n1\r\n\\.\nselect 1;"),
    "copy t from stdin;\r\n1\r\n\\.\r\nselect 1;",
  );
  assertEquals(forPsql("copy t from stdin;\n1\n\\."), "copy t from stdin;\n1\n\\.\n");
});

for (const [ending, name] of [["\n", "LF"], ["\r\n", "CR LF"]] as const) {
  Deno.test(`psqlText() of the corpus with ${name} is the same statements`, () => {
    for (const { name, text } of corpusCases(ending)) {
      const script = parseScript(text, name);
      const { statements, rest } = psqlText(script);
      const again = parseScript(statements.join("") + rest, name);
      const spaceless = (text: string) => text.replaceAll(/(?<!:): /g, ":");
      const significant = ({ text, copyData }: SqlStatement) => [spaceless(text), copyData];
      assertEquals(again.statements.map(significant), script.statements.map(significant), name);
      for (const [at, piece] of statements.entries()) {
        assertEquals(parseScript(piece, name).statements.length, 1, `${name}, statement ${at}`);
      }
    }
  });
}

Deno.test("addedEnumValue() finds the label that ALTER TYPE adds", () => {
  const labelOf = (text: string) => addedEnumValue({ text });
  assertEquals(labelOf("alter type mood add value 'it''s'"), "'it''s'");
  assertEquals(
    labelOf(`ALTER /* x */ TYPE app."Mood" ADD VALUE IF NOT EXISTS 'happy' BEFORE 'sad'`),
    "'happy'",
  );
  assertEquals(labelOf("alter type mood rename value 'a' to 'b'"), null);
  assertEquals(labelOf("alter table t add column value text default 'a'"), null);
  assertEquals(labelOf("insert into t values ('a')"), null);
});
