import { assertEquals } from "@std/assert";
import { type Identities, renamesBetween } from "../../../src/engine/draft/identities.ts";
import type { DifferenceStatement } from "../../../src/engine/difference.ts";
import { revisionText } from "../../../src/engine/difference_text.ts";

type Row = readonly [
  key: string,
  kind: "schema" | "table" | "column" | "function",
  container: string | null,
  name: string,
  suffix?: string,
];

function identities(...rows: readonly Row[]): Identities {
  return new Map(
    rows.map(([key, kind, container, name, suffix = ""]) => [key, { kind, container, name, suffix }]),
  );
}

Deno.test("renamesBetween() renames what contains others first, and then its parts under its new name", () => {
  const now = identities(
    ["a1", "column", "t1", "select"],
    ["t1", "table", "n1", "People"],
    ["n1", "schema", null, "app"],
    ["p1", "function", "n1", "g", "(integer)"],
  );
  const wanted = identities(
    ["a1", "column", "t1", "mail"],
    ["t1", "table", "n1", "users"],
    ["n1", "schema", null, "shop"],
    ["p1", "function", "n1", "f", "(integer)"],
  );
  assertEquals(renamesBetween(now, wanted), [
    { kind: "schema", from: "app", to: "shop" },
    { kind: "table", from: 'shop."People"', to: "users" },
    { kind: "function", from: "shop.g(integer)", to: "f" },
    { kind: "column", from: 'shop.users."select"', to: "mail" },
  ]);
});

Deno.test("renamesBetween() leaves what is new, what is gone, and what was moved to another schema", () => {
  const schemas: Row[] = [["n1", "schema", null, "public"], ["n2", "schema", null, "app"]];
  const now = identities(...schemas, ["t1", "table", "n1", "a"], ["t2", "table", "n2", "b"]);
  const wanted = identities(...schemas, ["t2", "table", "n1", "c"], ["t3", "table", "n1", "d"]);
  assertEquals(renamesBetween(now, wanted), []);
});

function statement(sql: string, more: Partial<DifferenceStatement> = {}): DifferenceStatement {
  const object = { kind: "table", name: "public.t", whole: "public.t" };
  return {
    sql,
    verb: "alter",
    object,
    loss: null,
    refusal: null,
    segment: 0,
    outsideTransaction: false,
    ...more,
  };
}

function text(statements: readonly DifferenceStatement[], more = {}): string {
  const difference = { statements, cannot: [], candidates: [], roles: [], ...more };
  return revisionText(difference, statements);
}

Deno.test("revisionText() keeps together what alters one object, and marks what loses data", () => {
  const statements = [
    statement("alter table t add a int"),
    statement("alter table t add b int"),
    statement("alter table t drop c", { loss: 'the values of column public.t."c\n; drop table t; --"' }),
    statement("create index i on u (a)", { object: { kind: "index", name: "public.i", whole: "public.u" } }),
  ];
  assertEquals(
    text(statements),
    `alter table t add a int;
alter table t add b int;

-- loses the values of column public.t."c ; drop table t; --"
alter table t drop c;

create index i on u (a);
`,
  );
});

Deno.test("revisionText() runs without a transaction what needs something to be committed, and lists what it cannot do", () => {
  const object = { kind: "column", name: "public.t.a", whole: "public.t" };
  const listed = { cannot: [{ object, reason: "PostgreSQL has no statement for it" }], roles: ["clerk"] };
  const statements = [statement("alter type e add value 'x'"), statement("alter table t", { segment: 1 })];
  assertEquals(
    text(statements, listed),
    `-- mig: no-transaction
-- Each statement is committed by itself: a new value of an enum can be used only after that.
-- has to exist before: role clerk
-- cannot: column public.t.a: PostgreSQL has no statement for it

alter type e add value 'x';
alter table t;
`,
  );
});
