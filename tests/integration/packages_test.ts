/** `deno task packages` in a fresh checkout: from JSR, from the stand-ins, from one to the other, and what it refuses. */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Checkout } from "../support/checkout.ts";
import { ROOT } from "../support/mig.ts";
import { Registry } from "../support/registry.ts";

const STAND_INS = `${ROOT}tools/offline`;
const VERSION = /^mig \d+\.\d+\.\d+/;

Deno.test("without JSR, mig runs and checks with the stand-ins", async () => {
  await using checkout = await Checkout.make();
  const env = { MIG_OFFLINE: "1" };
  await getPackages(checkout, env);
  assertEquals(await sourceOf(checkout), "stand-ins");
  // Deno leaves a lockfile as it is only when it believes it; otherwise it takes the integrity of whatever it fetches.
  const lock = await checkout.read(".deno/deno.lock");
  const checked = await checkout.deno(["check", "main.ts"], env);
  assertEquals(checked.code, 0, checked.stderr);
  await assertRuns(checkout, env);
  assertEquals(await checkout.read(".deno/deno.lock"), lock);
});

Deno.test("with JSR, mig runs with the packages from there, at the versions of deno.json", async () => {
  await using registry = await Registry.start(STAND_INS);
  await using checkout = await Checkout.make();
  const env = { JSR_URL: registry.url };
  await getPackages(checkout, env);
  assertEquals(await sourceOf(checkout), "jsr");
  await assertRuns(checkout, env);
  const [specifier] = (await checkout.read("deno.json"))!.match(/@std\/cli@[\d.]+/)!;
  assertStringIncludes(registry.asked.join("\n"), `/${specifier.replace("cli@", "cli/")}/parse_args.ts`);
  const lock = await lockfile(checkout, ".deno/deno.lock");
  assertEquals(Object.keys(lock.jsr!), [specifier]);
  assertEquals(lock.npm, (await lockfile(checkout, "deno.lock")).npm);
});

Deno.test("from JSR to the stand-ins and back, no lockfile is in the way", async () => {
  await using registry = await Registry.start(STAND_INS);
  await using checkout = await Checkout.make();
  const pinned = await checkout.read("deno.lock");
  const [online, offline] = [{ JSR_URL: registry.url }, { JSR_URL: registry.url, MIG_OFFLINE: "1" }];
  for (const env of [online, offline, online, offline]) {
    await getPackages(checkout, env);
    assertEquals(await sourceOf(checkout), env === online ? "jsr" : "stand-ins");
    await assertRuns(checkout, env);
  }
  assertEquals(await checkout.read("deno.lock"), pinned);
});

Deno.test("where JSR does not answer, or somebody else does, the stand-ins are taken", async () => {
  await using checkout = await Checkout.make();
  await getPackages(checkout, { JSR_URL: "http://127.0.0.1:1/" });
  assertEquals(await sourceOf(checkout), "stand-ins");
  const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
  await using login = Deno.serve(options, () => new Response("<h1>Welcome to our hotel</h1>"));
  await getPackages(checkout, { JSR_URL: `http://127.0.0.1:${login.addr.port}/` });
  assertEquals(await sourceOf(checkout), "stand-ins");
});

for (const when of ["in a fresh checkout", "after a good run"]) {
  Deno.test(`a package of npm that is not the one pinned is refused, ${when}`, async () => {
    await using checkout = await Checkout.make();
    const env = { MIG_OFFLINE: "1" };
    if (when === "after a good run") await getPackages(checkout, env);
    const good = (await checkout.read("deno.lock"))!;
    const bad = good.replace(/("postgres@[^]*?sha512-)...../, "$1AAAAA");
    await Deno.writeTextFile(`${checkout.folder}/deno.lock`, bad);
    for (let time = 1; time <= 2; time++) {
      const { code, stderr } = await checkout.deno(["task", "--quiet", "packages"], env);
      assertEquals(code, 1);
      assertMatch(
        stderr,
        /^error: npm's postgres@[\d.]+ is not the one that deno\.lock pins\n {2}pinned {2}sha512-AAAAA/,
      );
      assertEquals(/\n +at /.test(stderr), false, "a stack trace");
    }
    await Deno.writeTextFile(`${checkout.folder}/deno.lock`, good);
    await getPackages(checkout, env);
    await assertRuns(checkout, env);
  });
}

async function getPackages(checkout: Checkout, env: Readonly<Record<string, string>>): Promise<void> {
  const { code, stderr } = await checkout.deno(["task", "--quiet", "packages"], env);
  assertEquals(code, 0, stderr);
}

/** Twice: the first run may complete the lockfile, and then it has to be right. */
async function assertRuns(checkout: Checkout, env: Readonly<Record<string, string>>): Promise<void> {
  for (const flags of [[], ["--frozen"]]) {
    const { code, stdout, stderr } = await checkout.deno(
      ["run", "-A", ...flags, "main.ts", "--version"],
      env,
    );
    assertEquals(code, 0, stderr);
    assertMatch(stdout, VERSION);
  }
}

/** Where the packages are, as Deno sees it: linked, or not. */
async function sourceOf(checkout: Checkout): Promise<"jsr" | "stand-ins"> {
  return await checkout.read(".offline/cli/deno.json") === null ? "jsr" : "stand-ins";
}

async function lockfile(
  checkout: Checkout,
  path: string,
): Promise<{ readonly jsr?: Record<string, unknown>; readonly npm: Record<string, unknown> }> {
  return JSON.parse((await checkout.read(path))!);
}
