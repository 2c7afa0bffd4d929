/**
 * The executable has Bun inside, and Bun obeys variables and files of the working folder. Whoever has them there for other work
 * gets the same mig as everybody: what it prints, what it does and how it ends.
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { freshDatabase } from "../support/database.ts";
import { mig, type RunResult } from "../support/mig.ts";
import { project, type TestProject } from "../support/project.ts";

/** Leaves a file behind and speaks, should anything load it. */
const INTRUDER = `require("node:fs").writeFileSync("intruded", "");\nconsole.log("intruded");\n`;

const VARIABLES: readonly Readonly<Record<string, string>>[] = [
  { BUN_OPTIONS: "--version" },
  { BUN_OPTIONS: "--help" },
  { BUN_OPTIONS: "-e console.log('intruded')" },
  { BUN_OPTIONS: "--preload ./intruder.js" },
  { BUN_OPTIONS: "--no-such-flag" },
  { BUN_BE_BUN: "1" },
  { BUN_BE_BUN: "1", BUN_OPTIONS: "--version" },
  { BUN_INSPECT: "ws://127.0.0.1:0/", BUN_INSPECT_PRELOAD: "./intruder.js" },
  {
    BUN_CONFIG_REGISTRY: "http://127.0.0.1:1/",
    BUN_CONFIG_MAX_HTTP_REQUESTS: "1",
    BUN_CONFIG_VERBOSE_FETCH: "curl",
  },
  { BUN_INSTALL: "/nowhere", BUN_TMPDIR: "/nowhere", BUN_RUNTIME_TRANSPILER_CACHE_PATH: "/nowhere" },
  { BUN_ENV: "production", NODE_ENV: "production" },
  { NODE_OPTIONS: "--require ./intruder.js --no-such-flag" },
  { NODE_PATH: "./node_modules", NODE_DEBUG: "net,tls,fs,module" },
  { NODE_CHANNEL_FD: "3", NODE_UNIQUE_ID: "1", NODE_TEST_CONTEXT: "child" },
  { DENO_DIR: "/nowhere", DENO_V8_FLAGS: "--no-such-flag" },
];

/** Files that Bun, or a bundle in a folder with packages, would read. */
const FILES: Readonly<Record<string, string>> = {
  "bunfig.toml": 'preload = ["./intruder.js"]\n[run]\nbun = true\n[define]\n"process.env.HOME" = "0"\n',
  "package.json": '{ "type": "module", "imports": { "#x": "./intruder.js" }, "main": "./intruder.js" }\n',
  "tsconfig.json":
    '{ "compilerOptions": { "paths": { "postgres": ["./intruder.js"], "*": ["./intruder.js"] } } }\n',
  "node_modules/postgres/index.js": INTRUDER,
  "node_modules/@electric-sql/pglite/index.js": INTRUDER,
  ".env.local": "DATABASE_URL=postgres://nobody@127.0.0.1:1/local\n",
  ".env.production": "DATABASE_URL=postgres://nobody@127.0.0.1:1/production\n",
};

const DOTENV =
  "BUN_OPTIONS=--version\nBUN_BE_BUN=1\nNODE_OPTIONS=--require ./intruder.js\nBUN_INSPECT=1\nOTHER=x\n";

const VERBS = ["--version", "status", "up --dry-run", "no-such-verb"];

/** What every verb gives. */
async function answers(dir: TestProject, env: Readonly<Record<string, string>>): Promise<RunResult[]> {
  return await Promise.all(VERBS.map((verb) => mig(verb.split(" "), { cwd: dir.folder, env })));
}

async function testProject(): Promise<TestProject> {
  const dir = await project([{ up: "create table t (id int);" }]);
  await dir.write("intruder.js", INTRUDER);
  return dir;
}

Deno.test("variables of Bun, Node.js and Deno change nothing", async () => {
  await using database = await freshDatabase();
  await using dir = await testProject();
  const env = { DATABASE_URL: database.url };
  const expected = await answers(dir, env);
  assertEquals(expected.map(({ code }) => code), [0, 0, 0, 2]);
  for (const variables of VARIABLES) {
    assertEquals(await answers(dir, { ...env, ...variables }), expected, JSON.stringify(variables));
  }
  await assertNothingIntruded(dir);
});

Deno.test("the files of Bun in the working folder change nothing", async () => {
  await using database = await freshDatabase();
  await using dir = await testProject();
  const env = { DATABASE_URL: database.url };
  const expected = await answers(dir, env);
  for (const [path, text] of Object.entries(FILES)) await dir.write(path, text);
  assertEquals(await answers(dir, env), expected);
  await assertNothingIntruded(dir);
});

Deno.test("of the files .env, mig reads the one of the project, and nothing in it is for Bun", async () => {
  await using database = await freshDatabase();
  await using dir = await testProject();
  const expected = await answers(dir, { DATABASE_URL: database.url });
  for (const name of [".env.local", ".env.production"]) await dir.write(name, FILES[name]!);
  await dir.write(".env", `${DOTENV}DATABASE_URL=${database.url}\n`);
  assertEquals(await answers(dir, {}), expected);
  assertEquals(await answers(dir, { NODE_ENV: "production" }), expected);
  await assertNothingIntruded(dir);
});

Deno.test("the embedded database is not touched by any of them", async () => {
  await using dir = await testProject();
  for (const [path, text] of Object.entries(FILES)) await dir.write(path, text);
  await dir.write(".env", DOTENV);
  const env = Object.assign({}, ...VARIABLES);
  for (const [verb, says] of [["up", "Applied 1 revision"], ["status", "1 of 1"]] as const) {
    const { code, stdout, stderr } = await mig([verb], { cwd: dir.folder, env });
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout, says);
  }
  await assertNothingIntruded(dir);
});

async function assertNothingIntruded(dir: TestProject): Promise<void> {
  const names = await Array.fromAsync(Deno.readDir(dir.folder), ({ name }) => name);
  assertEquals(names.filter((name) => name === "intruded"), []);
}
