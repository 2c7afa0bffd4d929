/** `mig blame` in the embedded shadow. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { mig } from "../support/mig.ts";
import { project } from "../support/project.ts";
import { faultsOf } from "../support/schemas.ts";

Deno.test("blame tells which revision made each part what it is, by whatever name it went", async () => {
  await using files = await project([
    {
      message: "create users",
      up: "create table users (id integer primary key, mail text); create table junk ();",
      down: null,
    },
    { message: "index", up: "create index users_mail on users (mail);", down: null },
    { message: "people", up: "alter table users rename to people; drop table junk;", down: null },
    {
      message: "email",
      up: "alter table people rename mail to email; create type mood as enum ('sad');",
      down: null,
    },
    { message: "not null", up: "alter table people alter email set not null, add phone text;", down: null },
    {
      message: "mood",
      up:
        "alter type mood add value 'ok';\ncreate function f(a integer) returns integer language sql return a;",
      down: null,
    },
  ]);
  const run = (...args: string[]) => mig(["blame", ...args], { cwd: files.folder });
  const { code, stdout, stderr } = await run("people", "--json");
  assertEquals(code, 0, stderr);
  const answer = JSON.parse(stdout);
  assertEquals(faultsOf("blame", answer), []);
  type Row = Record<string, string> & { revision: { id: string }; since: { id: string }; formerly: string[] };
  assertEquals(
    answer.data.parts.map(({ kind, name, definition, revision, since, formerly }: Row) =>
      [kind, name, definition, revision.id.slice(-1), since.id.slice(-1), ...formerly].join("|")
    ),
    [
      "table|people|in public|3|1|users",
      "column|id|integer not null|1|1",
      "column|email|text not null|5|1|mail",
      "column|phone|text|5|5",
      "constraint|users_pkey|PRIMARY KEY (id)|1|1",
      "index|users_mail|CREATE INDEX users_mail ON public.people USING btree (email)|4|2",
    ],
  );
  const column = await run("people.email");
  assertStringIncludes(
    column.stdout,
    "0000a005  not null  column email  text not null (since 0000a001) (formerly mail)",
  );
  assertStringIncludes((await run("mood")).stdout, "0000a006  mood   value ok");
  assertStringIncludes((await run("public.f")).stdout, "function public.f(a integer), after 6 revisions");
  const gone = await run("junk");
  assertEquals(gone.code, 1);
  assertStringIncludes(gone.stderr, "table public.junk is not there any more: 0000a003 (people) dropped it");
  assertStringIncludes((await run("people.fone")).stderr, 'has no column "fone"');
});

Deno.test("blame guesses what was meant, with a schema or without, and fails as over an unknown revision", async () => {
  await using files = await project([{
    up: `create table users (id integer); create schema app; create table app.orders (id integer);
      create table app.users (id integer); create function total(a integer) returns integer language sql return a;`,
  }]);
  const blame = async (name: string) => {
    const { code, stdout } = await mig(["blame", name, "--json"], { cwd: files.folder });
    const { error } = JSON.parse(stdout);
    return [code, error.code, error.hints[0]];
  };
  const guess = (name: string) => [1, "object-unknown", `did you mean "${name}"?`];
  assertEquals(await blame("userz"), guess("users"));
  assertEquals(await blame("public.userz"), guess("public.users"));
  assertEquals(await blame("pubic.users"), guess("public.users"));
  assertEquals(await blame("ordres"), guess("app.orders"));
  assertEquals(await blame("app.ordres.id"), guess("app.orders.id"));
  assertEquals(await blame("total(text)"), guess("total"));
  assertEquals(await blame("public.users.ib"), [1, "object-unknown", "it has id"]);
  assertEquals(await blame("users"), [1, "object-ambiguous", "say which: mig blame 'app.users'"]);
  assertEquals((await blame("nothing"))[2], "`mig schema` prints what it makes");
});
