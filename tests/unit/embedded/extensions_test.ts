import { assertEquals } from "@std/assert";
import {
  archiveOfPackage,
  archivesNamedIn,
  archivesOf,
  EXTENSION_ARCHIVES,
  filesOf,
} from "../../../src/embedded/extensions.ts";

Deno.test("archivesNamedIn() finds the extensions that SQL names", () => {
  assertEquals(archivesNamedIn("create extension pgcrypto"), ["pgcrypto"]);
  assertEquals(archivesNamedIn('CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA public;'), [
    "uuid-ossp",
  ]);
  assertEquals(archivesNamedIn("do $$ begin execute format('create extension %I', 'hstore'); end $$"), [
    "hstore",
  ]);
  assertEquals(archivesNamedIn("create extension citext; create extension ltree"), ["citext", "ltree"]);
  assertEquals(archivesNamedIn("load 'auto_explain'"), ["auto_explain"]);
});

Deno.test("archivesNamedIn() adds what an extension requires, and knows which archive holds it", () => {
  assertEquals(archivesNamedIn("create extension earthdistance cascade"), ["earthdistance", "cube"]);
  assertEquals(archivesNamedIn("create extension moddatetime"), ["spi"]);
});

Deno.test("archivesNamedIn() finds none where no extension is spoken of, or an unknown one", () => {
  assertEquals(archivesNamedIn("create table hstore (cube int)"), []);
  assertEquals(archivesNamedIn("create extension postgis"), []);
  assertEquals(archivesNamedIn("create extension pg_trgm_too"), []);
});

Deno.test("archivesOf() gives no archive for what is built in", () => {
  assertEquals(archivesOf(["plpgsql"]), []);
});

Deno.test("each archive of the list is in PGlite's package and holds a library", async () => {
  for (const name of EXTENSION_ARCHIVES) {
    const files = filesOf(await archiveOfPackage(name));
    assertEquals(
      files.some(({ path }) => path.startsWith("/pglite/lib/") && path.endsWith(".so")),
      true,
      name,
    );
  }
});
