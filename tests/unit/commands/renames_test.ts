import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { App } from "../../../src/commands/app.ts";
import { chooseRenames, parseRename } from "../../../src/commands/renames.ts";
import type { RenameCandidate } from "../../../src/engine/difference.ts";
import { MigError } from "../../../src/error.ts";

const MAIL: RenameCandidate = { kind: "column", from: "public.users.mail", to: "email", likeness: "alike" };
const MAIL_2: RenameCandidate = { ...MAIL, to: "address" };
const PEOPLE: RenameCandidate = { kind: "table", from: "public.users", to: "people", likeness: "similar" };

function chooser(rename: readonly string[], answers: (boolean | null)[] = [], switches: string[] = []) {
  const asked: string[] = [];
  const app = {
    ask(question: string) {
      asked.push(question);
      return Promise.resolve(answers.shift() ?? null);
    },
  } as unknown as App;
  return { ...chooseRenames({ lists: { rename }, switches: new Set(switches) }, app), asked };
}

Deno.test("parseRename() reads what is renamed, its name, and the new one", () => {
  assertEquals(parseRename('materialized view public."A b" to "c""d"'), {
    kind: "materialized view",
    from: 'public."A b"',
    to: 'c"d',
  });
  const error = assertThrows(() => parseRename("users.mail to email"), MigError, "is no rename");
  assertEquals(
    error.hints[0],
    "write it as: --rename users.mail=email, or --rename 'column public.users.mail to email'",
  );
});

Deno.test("a short rename is the one candidate that fits it, and what is left is asked about", async () => {
  const { choose, refuseUnused, given, asked } = chooser(["users.mail=email"], [true]);
  assertEquals(given, []);
  assertThrows(() => refuseUnused(), MigError, "nothing looks as if it had been renamed");
  assertEquals(await choose([MAIL, MAIL_2, PEOPLE]), [MAIL]);
  assertEquals(asked, []);
  refuseUnused();
  assertEquals(await choose([PEOPLE]), [PEOPLE]);
  assertEquals(asked.length, 1);
});

Deno.test("what was refused is not asked about again, and what is taken is not either", async () => {
  const { choose, asked } = chooser([], [true, false]);
  assertEquals(await choose([MAIL, MAIL_2, PEOPLE]), [MAIL]);
  assertEquals(await choose([PEOPLE]), []);
  assertEquals(asked.length, 2);
});

Deno.test("where nobody can be asked, the renames that may be are listed, unless there are none by --no-renames", async () => {
  const error = await assertRejects(() => chooser([]).choose([MAIL, PEOPLE]), MigError, "no terminal");
  assertEquals(error.hints.slice(0, 3), [
    "if it is: --rename 'column public.users.mail to email'",
    "if it is: --rename 'table public.users to people'",
    "or in short: --rename users.mail=email",
  ]);
  const odd = await assertRejects(() => chooser([]).choose([{ ...MAIL, from: 'public."A b"' }]), MigError);
  assertEquals(odd.hints.some((hint) => hint.includes("in short")), false);
  assertEquals(await chooser([], [], ["no-renames"]).choose([MAIL]), []);
  const two = [MAIL, { ...MAIL, from: "app.users.mail" }];
  await assertRejects(() => chooser(["mail=email"]).choose(two), MigError, "may mean 2 things");
});
