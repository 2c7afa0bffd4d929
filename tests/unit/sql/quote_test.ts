import { assertEquals } from "@std/assert";
import { Lexer } from "../../../src/sql/lexer.ts";
import { quoteIdentifier, quoteLiteral, quoteNullable, quoteTextArray } from "../../../src/sql/quote.ts";
import { faultOf } from "./faults.ts";

Deno.test("quoteIdentifier() and quoteLiteral() double the quotes in a text", () => {
  assertEquals(quoteIdentifier('a"b"'), '"a""b"""');
  assertEquals(quoteLiteral("it's"), "'it''s'");
  assertEquals(quoteLiteral("a\\'b"), "E'a\\\\''b'");
});

Deno.test("quoteNullable() and quoteTextArray() write values of SQL", () => {
  assertEquals([quoteNullable(null), quoteNullable("null")], ["null", "'null'"]);
  assertEquals(quoteTextArray([]), "array[]::text[]");
  assertEquals(quoteTextArray(["a'", "b"]), "array['a''', 'b']::text[]");
});

Deno.test("quoteIdentifier() and quoteLiteral() make one token of whatever they are given", () => {
  for (const text of ["", "'", '"', "\\", "\\'", "'; drop table t; --", "$$", "/*", "\n", "é😀"]) {
    for (const quoted of [quoteIdentifier(text), quoteLiteral(text)]) {
      const lexer = new Lexer(quoted);
      assertEquals([lexer.next(), lexer.token, lexer.next()], [true, quoted, false], text);
    }
  }
});

Deno.test("quoteIdentifier() and quoteLiteral() refuse NUL characters", () => {
  assertEquals(faultOf(() => quoteIdentifier("a\0")).code, "sql-unreadable");
  assertEquals(faultOf(() => quoteLiteral("a\0")).code, "sql-unreadable");
});
