import { assertEquals } from "@std/assert";
import { refusalOfType } from "../../../src/diff/refusal.ts";

/** From one type to another: whether some value of the first is none of the second. */
const CASES: readonly (readonly [from: string, to: string, fails: boolean])[] = [
  ["text", "character varying(20)", true],
  ["character varying(20)", "character varying(10)", true],
  ["character varying(10)", "character varying(20)", false],
  ["character varying(10)", "character varying", false],
  ["character varying(10)", "text", false],
  ["character(3)", "character varying(3)", false],
  ["character varying(10)[]", "character varying(5)[]", true],
  ["integer", "character varying(3)", true],
  ["integer", "text", false],
  ["bigint", "integer", true],
  ["integer", "bigint", false],
  ["smallint", "numeric(5,0)", false],
  ["smallint", "numeric(4,0)", true],
  ["bigint", "numeric(18,0)", true],
  ["bigint", "numeric(19,0)", false],
  ["numeric(9,0)", "integer", false],
  ["numeric(10,0)", "integer", true],
  ["numeric(10,2)", "numeric(10,4)", true],
  ["numeric(10,2)", "numeric(12,4)", false],
  ["numeric", "numeric(10,2)", true],
  ["numeric(10,2)", "numeric", false],
  ["double precision", "integer", true],
  ["integer", "real", false],
  ["timestamp with time zone", "date", false],
  ["timestamp(6) without time zone", "timestamp(0) without time zone", false],
  ["text", "integer", true],
  ["text", "uuid", true],
  ["uuid", "text", false],
  ["integer", "boolean", false],
  ["bit varying(8)", "bit varying(4)", true],
  ["json", "jsonb", false],
];

for (const [from, to, fails] of CASES) {
  Deno.test(`refusalOfType() ${fails ? "knows that" : "knows of nothing that stops"} ${from} to ${to}`, () => {
    const expected = fails ? `a value of column public.t.c is none of type ${to}` : null;
    assertEquals(refusalOfType("public.t.c", from, to), expected);
  });
}
