import { assertEquals } from "@std/assert";
import { dumpedName } from "../../../src/engine/dumped_name.ts";

Deno.test("dumpedName() says what pg_dump's headers mean", () => {
  const headers: [string, string, string][] = [
    ["TABLE", "public", "users"],
    ["SCHEMA", "-", "shop"],
    ["COMMENT", "public", "TABLE users"],
    ["COMMENT", "public", "COLUMN users.email"],
    ["COMMENT", "-", "EXTENSION hstore"],
    ["COMMENT", "public", "MATERIALIZED VIEW totals"],
    ["ACL", "shop", "FUNCTION total(a integer)"],
    ["DEFAULT ACL", "shop", "DEFAULT PRIVILEGES FOR TABLES"],
    ["FK CONSTRAINT", "public", "orders orders_customer_fkey"],
  ];
  assertEquals(headers.map((header) => dumpedName(...header)), [
    "table public.users",
    "schema shop",
    "comment on table public.users",
    "comment on column public.users.email",
    "comment on extension hstore",
    "comment on materialized view public.totals",
    "rights on function shop.total(a integer)",
    "default privileges for tables in shop",
    "fk constraint public.orders orders_customer_fkey",
  ]);
});
