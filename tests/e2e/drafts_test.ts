/** What the commands report that write SQL by comparing schemas, as golden files: a story on one project. */

import { assertEquals } from "@std/assert";
import { freshDatabase } from "../support/database.ts";
import { assertGolden } from "../support/golden.ts";
import { mig } from "../support/mig.ts";
import { project } from "../support/project.ts";
import { asText, varying } from "../support/report.ts";

const CREATE_USERS = `create type mood as enum ('sad', 'ok', 'happy');
create table users (id integer generated always as identity primary key, mail text not null, mood mood default 'ok', phone text);
`;

const SCHEMA = `create type mood as enum ('sad', 'ok', 'happy');
create table users (
  id integer generated always as identity primary key,
  email text not null,
  mood mood default 'ok',
  created timestamptz default now()
);
create index users_email on users (email);
`;

Deno.test("the reports of: new --auto, draft-down, check --schema, drift, blame", async () => {
  await using database = await freshDatabase();
  await using files = await project([{ message: "create users", up: CREATE_USERS, down: null }]);
  const report = async (name: string, code: number, ...args: string[]) => {
    const result = await mig(args, { cwd: files.folder, env: { DATABASE_URL: database.url } });
    assertEquals(result.code, code, result.stdout + result.stderr);
    const text = asText(args, result).replaceAll(/(?<=\S) {2,}/g, "  ");
    await assertGolden(`drafts/${name}.txt`, text, [
      [/\d{8}T\d{4}_(?=0000b)/g, "<minute>_"],
      ...varying(files, database),
    ]);
  };
  await report("draft_down", 0, "draft-down");
  await report("draft_down_again", 1, "draft-down");
  await files.write("schema.sql", SCHEMA);
  await report("check_schema", 3, "check", "--no-db", "--schema");
  await report("new_auto_unasked", 2, "new", "--auto", "email");
  await report("new_auto", 0, "new", "--auto", "email", "--rename", "users.mail=email", "--id", "0000b001");
  await report("new_auto_up", 0, "show", "0000b001");
  await report("new_auto_again", 0, "new", "--auto", "email");
  await report("blame", 0, "blame", "users");
  await mig(["up", "-q"], { cwd: files.folder, env: { DATABASE_URL: database.url } });
  await database.query("create index hotfix on users (mood); alter table users add note text");
  await report("drift", 3, "drift");
});
