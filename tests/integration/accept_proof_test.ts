/** `mig accept` replays a revision with the text that was applied and with the present one before it records that. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { freshDatabase } from "../support/database.ts";
import { mig, type RunResult } from "../support/mig.ts";
import { idAt, project, type RevisionLiteral } from "../support/project.ts";

const USERS: RevisionLiteral = {
  message: "users",
  up: "create table users (id integer primary key);\n",
  down: "drop table users;\n",
};
const PHONE: RevisionLiteral = {
  message: "phone",
  up: "alter table users add phone text;\n",
  down: "alter table users drop phone;\n",
};

/** Applies two revisions, edits the second one, and accepts the edit. */
async function accepting(
  up: string,
  hold: (accept: (...args: string[]) => Promise<RunResult>) => Promise<void>,
  chain: readonly RevisionLiteral[] = [USERS, PHONE],
): Promise<void> {
  await using database = await freshDatabase();
  await using files = await project(chain);
  const run = (...args: string[]) => mig(args, { cwd: files.folder, env: { DATABASE_URL: database.url } });
  const first = await run("up");
  assertEquals(first.code, 0, first.stderr);
  await files.add({ ...PHONE, up }, 1);
  await hold((...args) => run("accept", idAt(1), ...args));
  // Whatever it says, the database has what it had.
  assertEquals(
    await database.text("select count(*) from information_schema.columns where column_name = 'phone'"),
    "1",
  );
}

function proofOf({ code, stdout, stderr }: RunResult): string | null {
  assertEquals(code, 0, stderr);
  return JSON.parse(stdout).data.proof;
}

Deno.test("mig accept tells a comment from a change without a shadow", async () => {
  await accepting(`-- for the shop\n${PHONE.up}`, async (accept) => {
    const result = await accept("--yes", "--json", "--shadow-url", "postgres://nobody@127.0.0.1:1/none");
    assertEquals(proofOf(result), "equal");
    assertStringIncludes(result.stderr, "the statements of up.sql are the same");
    const again = await accept("--yes", "--json");
    assertEquals(proofOf(again), null);
  });
});

Deno.test("mig accept proves that another text leads to the same schema", async () => {
  await accepting("alter table public.users add column phone text null;\n", async (accept) => {
    const asked = await accept();
    assertEquals(asked.code, 2);
    assertStringIncludes(asked.stderr, "proven: both texts of up.sql lead to the same schema");
    assertEquals(proofOf(await accept("--yes", "--json")), "equal");
  });
});

Deno.test("mig accept shows in its question which schema the present text would have made", async () => {
  await accepting("alter table users add phone varchar(20);\n", async (accept) => {
    const asked = await accept();
    assertEquals(asked.code, 2);
    assertStringIncludes(asked.stderr, "the present up.sql leads to another schema: table public.users\n");
    assertStringIncludes(asked.stderr, "-    phone text");
    assertStringIncludes(asked.stderr, "+    phone character varying(20)");
    const skipped = await accept("--no-proof");
    assertEquals([skipped.code, skipped.stderr.includes("schema")], [2, false]);
    assertEquals(proofOf(await accept("--yes", "--json")), "differs");
  });
});

Deno.test("mig accept says that the present text fails", async () => {
  await accepting("alter table users add phone text, add id text;\n", async (accept) => {
    const result = await accept("--yes", "--json");
    assertEquals(proofOf(result), "fails");
    assertStringIncludes(result.stderr, "fails where the one that was applied works");
    assertStringIncludes(result.stderr, "already exists");
  });
});

Deno.test("mig accept warns where nothing can be tried", async () => {
  const choosy = `${USERS.up}do $$ begin
  if not exists (select from pg_database where datname like 'mig_test%') then raise 'not in a shadow'; end if;
end $$;\n`;
  await accepting("alter table users add phone varchar(20);\n", async (accept) => {
    const result = await accept("--yes", "--json");
    assertEquals(proofOf(result), "unproven");
    assert(/^warning: .*could not be tried: .*not in a shadow/m.test(result.stderr), result.stderr);
  }, [{ ...USERS, up: choosy }, PHONE]);
});

Deno.test("mig accept says that it has not tried down.sql, where that is another one", async () => {
  await using database = await freshDatabase();
  await using files = await project([USERS, PHONE]);
  const run = (...args: string[]) => mig(args, { cwd: files.folder, env: { DATABASE_URL: database.url } });
  assertEquals((await run("up")).code, 0);
  await files.add({ ...PHONE, down: "drop table users;\n" }, 1);
  const { stderr } = await run("accept", idAt(1), "--yes");
  assertStringIncludes(
    stderr,
    `that tells nothing of down.sql, which is another one too: \`mig verify ${idAt(1)}\``,
  );
});
