import { assertEquals } from "@std/assert";
import { connectionAttempts } from "../../../src/postgres/attempts.ts";
import { nameOfHost } from "../../../src/postgres/host.ts";
import { parse } from "./literals.ts";

const attempts = (url: string) =>
  connectionAttempts(parse(url)).map(({ host, encryption }) => `${nameOfHost(host)} ${encryption}`);

Deno.test("connectionAttempts() follows libpq's order for each sslmode", () => {
  assertEquals(attempts("postgres://h?sslmode=disable"), ["h:5432 plain"]);
  assertEquals(attempts("postgres://h?sslmode=allow"), ["h:5432 plain", "h:5432 tls"]);
  assertEquals(attempts("postgres://h?sslmode=prefer"), ["h:5432 tls-if-offered", "h:5432 plain"]);
  assertEquals(attempts("postgres://h?sslmode=require"), ["h:5432 tls"]);
  assertEquals(attempts("postgres://h?sslmode=verify-full"), ["h:5432 tls"]);
});

Deno.test("connectionAttempts() goes host after host, and never encrypts a socket of the file system", () => {
  assertEquals(attempts("postgres://a,[::1]:1?sslmode=allow"), [
    "a:5432 plain",
    "a:5432 tls",
    "[::1]:1 plain",
    "[::1]:1 tls",
  ]);
  assertEquals(attempts("host=/run/pg sslmode=require"), ["/run/pg/.s.PGSQL.5432 plain"]);
});
