import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Host } from "../../../src/postgres/host.ts";
import { findPassword, passwordFor } from "../../../src/postgres/pgpass.ts";
import { parse } from "./literals.ts";

const DB: Host = { kind: "tcp", name: "db.example", port: 5432 };
const find = (text: string, host: Host = DB) => findPassword(text, { host, database: "app", user: "ann" });

Deno.test("findPassword() gives the first line that fits", () => {
  const file = "# comment\nother:5432:app:ann:no\ndb.example:5432:app:ann:first\n*:*:*:*:last\n";
  assertEquals(find(file), "first");
  assertEquals(find(file, { kind: "tcp", name: "x", port: 1 }), "last");
});

Deno.test("findPassword() compares host, port, database and user exactly", () => {
  for (
    const line of [
      "db:5432:app:ann:x",
      "db.example:543:app:ann:x",
      "db.example:5432:ap:ann:x",
      "db.example:5432:app:bob:x",
    ]
  ) {
    assertEquals(find(line), undefined, line);
  }
  assertEquals(find("db.example:*:app:ann:x"), "x");
});

Deno.test("findPassword() understands escaped colons and backslashes", () => {
  assertEquals(find(String.raw`*:*:*:*:a\:b\\c\d`), String.raw`a:b\cd`);
  const host: Host = { kind: "tcp", name: "::1", port: 5432 };
  assertEquals(find(String.raw`\:\:1:5432:app:ann:six`, host), "six");
  assertEquals(find("*:*:*:*:end\\"), "end\\");
});

Deno.test("findPassword() takes Windows' line endings and lines that are too short", () => {
  assertEquals(find("db.example:5432:app:ann\r\n*:*:*:*:pw\r\n"), "pw");
  assertEquals(find("*:*:*:*:\n"), undefined);
  assertEquals(find(""), undefined);
});

Deno.test("findPassword() calls a socket in a usual folder localhost, and another by its folder", () => {
  const socket = (folder: string): Host => ({
    kind: "unix",
    folder,
    port: 5432,
    path: `${folder}/.s.PGSQL.5432`,
  });
  assertEquals(find("localhost:5432:app:ann:x", socket("/var/run/postgresql")), "x");
  assertEquals(find("localhost:5432:app:ann:x", socket("/opt/pg")), undefined);
  assertEquals(find("/opt/pg:5432:app:ann:x", socket("/opt/pg")), "x");
});

Deno.test({
  name: "passwordFor() ignores a password file that others may read, and says so",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const passwordFile = `${folder}/pgpass`;
      await Deno.writeTextFile(passwordFile, "*:*:*:*:pw");
      const warnings: string[] = [];
      const look = (url: string) =>
        passwordFor(parse(url, { passwordFile }), DB, (text) => warnings.push(text))?.reveal();
      await Deno.chmod(passwordFile, 0o640);
      assertEquals(look("postgres://h/d"), undefined);
      assertStringIncludes(warnings.join(), "chmod 600");
      await Deno.chmod(passwordFile, 0o600);
      assertEquals(look("postgres://h/d"), "pw");
      assertEquals(look("postgres://u:own@h/d"), "own");
      assertEquals(look(`postgres://h/d?passfile=${folder}/none`), undefined);
      assertEquals(look(`postgres://h/d?passfile=${folder}`), undefined);
      assertEquals(warnings.length, 2);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
