/** `deno task compile`: what goes into the executable, and what is said where it cannot be made. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { compileArgs } from "../../tools/compile.ts";
import { Checkout } from "../support/checkout.ts";
import { idAt, project } from "../support/project.ts";

const OFFLINE = { MIG_OFFLINE: "1" };
const COMPILE = ["run", "-A", "tools/compile.ts"];

/** A checkout with its packages, in which nothing can be downloaded. */
async function checkout(): Promise<Checkout> {
  const made = await Checkout.make();
  const { code, stderr } = await made.deno(["task", "--quiet", "packages"], OFFLINE);
  assertEquals(code, 0, stderr);
  return made;
}

Deno.test("without a runtime, compile says where to get one, and what works without", async () => {
  await using made = await checkout();
  const env = { ...OFFLINE, DENORT_BIN: "", HTTPS_PROXY: "http://127.0.0.1:1" };
  const { code, stdout, stderr } = await made.deno(COMPILE, env);
  assertEquals([code, stdout], [1, ""]);
  const url = new RegExp(`https://\\S+/v${Deno.version.deno}/denort-${Deno.build.target}.zip`);
  assertEquals(stderr.replace(url, "URL"), GOLDEN);
  assertEquals(await Array.fromAsync(Deno.readDir(`${made.folder}/dist`)), []);
});

const GOLDEN = `error: cannot download denort, the runtime that goes into the executable
  --> URL
hint: fetch that file where it can be reached, unpack it, and set DENORT_BIN to the program in it
hint: or run \`deno task build\`, which needs nothing but npm's packages
`;

Deno.test("a DENORT_BIN that is not there, or something else, is refused", async () => {
  await using made = await checkout();
  const none = await made.deno(COMPILE, { ...OFFLINE, DENORT_BIN: "/no/denort" });
  assertEquals([none.code, none.stderr], [
    1,
    "error: DENORT_BIN is /no/denort, and there is no such file\n",
  ]);
  const other = await made.deno(COMPILE, { ...OFFLINE, DENORT_BIN: Deno.execPath() });
  assertEquals(other.code, 1);
  assertStringIncludes(other.stderr, 'what was compiled is not mig: asked for its version, it says "deno ');
  assertStringIncludes(other.stderr, `hint: DENORT_BIN has to be the denort of Deno ${Deno.version.deno}`);
  assertEquals(await Array.fromAsync(Deno.readDir(`${made.folder}/dist`)), []);
});

Deno.test("the executable carries mig, its packages and PGlite's files, and no package of the tests", async () => {
  await using made = await checkout();
  // Deno stands in for its runtime: what is put in does not depend on it.
  const args = (await compileArgs("out")).filter((arg) => arg !== "--quiet");
  const { code, stderr } = await made.deno(args, { ...OFFLINE, DENORT_BIN: Deno.execPath() });
  assertEquals(code, 0, stderr);
  const packages = [...stderr.matchAll(/─ ((?:@[\w-]+\/)?[\w-]+)\/(?:\*|\d+\.\d)/g)].map(([, name]) => name!);
  for (const name of ["pglite", "pglite-tools", "jsonc-parser", "@supabase/pg-delta", "postgres"]) {
    assert(packages.includes(name), name);
  }
  for (const name of ["ajv", "fast-uri"]) assert(!packages.includes(name), name);
  const bytes = await Deno.readFile(`${made.folder}/out`);
  const text = new TextDecoder("latin1").decode(bytes);
  const files = [
    "pglite.wasm",
    "pglite.data",
    "initdb.wasm",
    "pg_dump.wasm",
    "hstore.tar.gz",
    "uuid-ossp.tar.gz",
  ];
  for (const file of files) assert(text.includes(`"${file}"`), file);
  const [permissions] = /"permissions":\{[^}]*\}/.exec(text)!;
  assertStringIncludes(permissions, '"allow_run":["sh","cmd.exe","pg_dump"]');
  assertStringIncludes(permissions, '"prompt":false');
});

Deno.test({
  name: "the executable goes up and down on an embedded database, where DENORT_BIN names a runtime",
  ignore: !Deno.env.get("DENORT_BIN"),
  async fn() {
    await using made = await checkout();
    const compiled = await made.deno(COMPILE, OFFLINE);
    assertEquals(compiled.code, 0, compiled.stderr);
    const up = "create extension hstore; create table t (h hstore);";
    await using dir = await project([{ up, down: "drop table t; drop extension hstore;" }]);
    for (
      const [args, says] of [[["up"], "Applied 1"], [["status"], idAt(0)], [
        ["down", "base"],
        "Undid 1",
      ]] as const
    ) {
      const program = new Deno.Command(`${made.folder}/dist/mig-deno`, { args: [...args], cwd: dir.folder });
      const { code, stdout, stderr } = await program.output();
      assertEquals(code, 0, new TextDecoder().decode(stderr));
      assertStringIncludes(new TextDecoder().decode(stdout), says);
    }
  },
});
