/** What every command prints with `--json`, in every state a project can be in, against the schemas in docs/schemas. */

import { assert, assertEquals } from "@std/assert";
import { REGISTRY } from "../../src/commands/registry.ts";
import { freshDatabase } from "../support/database.ts";
import { mig } from "../support/mig.ts";
import { idAt, project, type RevisionLiteral, type TestProject } from "../support/project.ts";
import { faultsOf } from "../support/schemas.ts";

/** What is run of each command, in this order: first what only reads. A command that is missing here fails a test. */
const CALLS: readonly (readonly [command: string, ...args: string[]])[] = [
  ["status"],
  ["check"],
  ["check", "--no-db"],
  ["history"],
  ["history", "base:head", "--no-db"],
  ["graph"],
  ["graph", "--format", "svg", "--output", "graph.svg", "--no-db"],
  ["branches"],
  ["current"],
  ["current", "--check-heads"],
  ["heads"],
  ["show", idAt(0)],
  ["show", idAt(1), "--applied"],
  ["diff", "base", "base"],
  ["drift"],
  ["blame", "users"],
  ["draft-down", idAt(1), "--print"],
  ["schema", "heads"],
  ["verify", "--all"],
  ["unlock"],
  ["config"],
  ["dump", "--output", "dump.sql", "--database", "pglite::memory:"],
  ["completion", "zsh"],
  ["completion", "tcsh"],
  ["restore"],
  ["baseline", "--from", "schema.sql"],
  ["stamp", "heads", "--dry-run"],
  ["up", "--sql"],
  ["down", "--sql", "head:base", "--output", "down.sql"],
  ["up", "--dry-run"],
  ["goto", "base", "--dry-run"],
  ["redo", "--dry-run"],
  ["down", "-1", "--dry-run"],
  ["goto", "heads", "--yes"],
  ["accept", idAt(1), "--yes"],
  ["redo"],
  ["down", "-1"],
  ["up"],
  ["up", "heads"],
  ["new", "one more", "--branch-label", "label"],
  ["new", "two more", "--depends-on", idAt(0), "--parent", "label@head"],
  ["edit", idAt(1)],
  ["stamp", "base"],
  ["merge"],
  ["new", "on a branch", "--id", "b000", "--parent", "base"],
  ["new", "on top", "--id", "b001", "--parent", idAt(0)],
  ["rebase", "b001", "--onto", "b000"],
  ["merge"],
  ["merge"],
  ["branches"],
  ["init"],
];

/** An editor that adds a line to each file. */
const EDITOR =
  `"${Deno.execPath()}" eval "for (const file of Deno.args) Deno.writeTextFileSync(file, '-- seen', { append: true })"`;

const CHAIN: readonly RevisionLiteral[] = [
  { message: "create users", up: "create table users (id int);", down: "drop table users;" },
  {
    message: "phone number",
    up: "alter table users add phone text;",
    down: "alter table users drop phone;",
  },
  { message: "a thought", up: "-- nothing yet\n", down: null },
];

/** What replays the chain in a shadow, which takes seconds: it is called in some of the states only. */
const IN_SHADOW = ["diff", "drift", "blame", "draft-down", "schema", "verify"];

interface State {
  readonly shadow?: true;
  readonly revisions: readonly RevisionLiteral[];
  readonly before?: readonly (readonly string[])[];
  readonly change?: (files: TestProject) => Promise<void>;
  readonly env?: Readonly<Record<string, string>>;
}

const STATES: Readonly<Record<string, State>> = {
  "of an empty project": { revisions: [] },
  "before the first run": { shadow: true, revisions: CHAIN },
  "with a revision pending": { revisions: CHAIN, before: [["up", "+2"]] },
  "at the head": { revisions: CHAIN.slice(0, 2), before: [["up"]] },
  "with an edited revision": {
    revisions: CHAIN,
    before: [["up"]],
    change: (files) => files.write(`${folderOf(1)}/up.sql`, "alter table users add phone varchar;\n"),
  },
  "with a revision that is not here": {
    revisions: CHAIN,
    before: [["up", "+2"]],
    change: async (files) => {
      for (const at of [1, 2]) await Deno.remove(`${files.folder}/${folderOf(at)}`, { recursive: true });
    },
  },
  "with an interrupted revision": {
    revisions: [...CHAIN.slice(0, 2), {
      up: "-- mig: no-transaction\nselect 1;\nselect 1/0;\n",
      down: null,
    }],
    before: [["up"]],
  },
  "with hooks": {
    revisions: CHAIN.slice(0, 2),
    before: [["up", "+1"]],
    change: async (files) => {
      const hooks = {
        before_up: ["exit 0", { sql: "hooks/before.sql" }],
        after_down: "exit 3",
        after_revision: "echo it",
        after_new: "exit 4",
      };
      await files.write("mig.json", JSON.stringify({ hooks }));
      await files.write("hooks/before.sql", "select 1;");
    },
  },
  "with repeatable scripts": {
    revisions: CHAIN.slice(0, 2),
    before: [["up"]],
    change: async (files) => {
      await files.write("mig.json", JSON.stringify({ repeatable: "repeatable" }));
      await files.write("repeatable/a.sql", "create or replace view names as select 1 as name;");
    },
  },
  "with a repeatable script that is gone": {
    revisions: CHAIN.slice(0, 2),
    change: async (files) => {
      await files.write("mig.json", JSON.stringify({ repeatable: "repeatable" }));
      await files.write("repeatable/b.sql", "select 1;");
      await files.write("repeatable/c.sql", "select 1 / 0;");
    },
  },
  "with two heads": {
    revisions: [...CHAIN, {
      message: "another",
      parent: idAt(0),
      up: "create table t (a int check (a * a = 2));",
      down: "select 1;",
    }],
    before: [["up", "+1"]],
  },
  "with a revision that fails": {
    shadow: true,
    revisions: [
      ...CHAIN,
      { message: "required", up: "alter table users alter phone set not null;", down: null },
      { message: "it fails", up: "select 1;\nalter tabel users;\n", down: null },
    ],
    before: [["up", "+1"]],
  },
  "with files that cannot be read": {
    shadow: true,
    revisions: CHAIN,
    before: [["up", "+2"]],
    change: async (files) => {
      await files.write(`${folderOf(1)}/meta.json`, '{"id": 7, "parnet": null, "message": ""}');
      await files.write(`${folderOf(2)}/meta.json`, "{");
    },
  },
  "without a server": { revisions: CHAIN, env: { DATABASE_URL: "postgres://app:secret@127.0.0.1:1/shop" } },
  "with wrong settings": { revisions: CHAIN, env: { MIG_LOCK_WAIT: "soon", MIG_TABLE: "a.b.c" } },
};

/** Every answer that was seen. */
const answers: { readonly command: string; readonly answer: Answer }[] = [];

interface Answer {
  readonly ok: boolean;
  readonly data?: Readonly<Record<string, unknown>>;
}

for (const [name, state] of Object.entries(STATES)) {
  Deno.test(`what mig prints with --json ${name} is what the schemas say`, async () => {
    await using database = await freshDatabase();
    await using files = await project(state.revisions);
    const options = {
      cwd: files.folder,
      env: { DATABASE_URL: database.url, EDITOR, ...state.env },
    };
    for (const args of state.before ?? []) await mig(args, options);
    await files.write("schema.sql", "create table legacy (id integer);\n");
    await state.change?.(files);
    for (const [command, ...args] of CALLS) {
      if (state.shadow !== true && IN_SHADOW.includes(command)) continue;
      if (state.shadow !== true && command === "merge") args.push("--no-proof");
      const { stdout, stderr, code } = await mig([command, ...args, "--json"], options);
      const call = `mig ${[command, ...args].join(" ")}`;
      const answer = JSON.parse(stdout);
      assertEquals(faultsOf(command, answer), [], `${call}\n${stdout}`);
      assertEquals(faultsOf("envelope", answer), [], call);
      const checks = ["check", "drift", "verify"].includes(command) || args.includes("--check-heads");
      if (answer.ok) assert(code === 0 || (code === 3 && checks), `${call}: ${code}\n${stderr}`);
      else assertEquals(answer.error.exitCode, code, call);
      answers.push({ command, answer });
    }
  });
}

Deno.test("each command of the registry was seen to succeed and to fail", () => {
  for (const { name } of REGISTRY) {
    const seen = answers.filter(({ command }) => command === name).map(({ answer }) => answer.ok);
    assertEquals([...new Set(seen)].sort(), [false, true], `add calls of \`mig ${name}\` to CALLS`);
  }
});

Deno.test("each list of an answer was seen with something in it", () => {
  const filled = new Map<string, boolean>();
  for (const { command, answer } of answers) {
    for (const [field, value] of Object.entries(answer.data ?? {})) {
      // Tests of their own hold what these find against the schemas: to compare takes too long for every state.
      if (!Array.isArray(value) || command === "diff" || command === "drift") continue;
      const key = `${command} ${field}`;
      filled.set(key, filled.get(key) === true || value.length > 0);
    }
  }
  // The way down applies no repeatable script; tables that take no rows have a test beside `mig verify`.
  const none = ["down repeatable", "verify empty"];
  const empty = [...filled].filter(([key, seen]) => !seen && !none.includes(key));
  assertEquals(empty.map(([key]) => key), []);
});

Deno.test("the schemas refuse a field too many, and one too few", () => {
  for (const { command, answer } of answers) {
    for (const [what, wrong] of damaged(answer)) {
      assert(faultsOf(command, wrong).length > 0, `${command}: ${what}\n${JSON.stringify(wrong, null, 1)}`);
    }
  }
});

Deno.test("the answer without a known command has the envelope's schema", async () => {
  await using files = await project();
  for (const args of [["stauts"], []]) {
    const { stdout, code } = await mig([...args, "--json"], { cwd: files.folder });
    assertEquals(code, 2);
    const answer = JSON.parse(stdout);
    assertEquals(faultsOf("envelope", answer), []);
    assertEquals(answer.command, null);
  }
});

/** An answer with one object changed so that no schema may have it; objects that hold just any facts are left alone. */
function* damaged(answer: Answer): Generator<[string, unknown]> {
  for (const path of objectsIn(answer)) {
    if (path.includes("error") && path.includes("data")) continue;
    const more = structuredClone(answer);
    at(more, path).unheardOf = 1;
    yield [`${path.join(".")} has a field too many`, more];
    for (const key of Object.keys(at(answer, path))) {
      if (OPTIONAL.has(key)) continue;
      const less = structuredClone(answer);
      delete at(less, path)[key];
      yield [`${path.join(".")} lacks ${key}`, less];
    }
  }
}

/** The fields that may be left out: what PostgreSQL does not always say, and the problem of a setting. */
const OPTIONAL = new Set([
  "problem",
  ...["detail", "hint", "where", "schema", "table", "column", "constraint"],
]);

function* objectsIn(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield path;
  // The elements of a list are alike, and the first one stands for them all.
  const entries = Object.entries(value);
  for (const [key, inner] of Array.isArray(value) ? entries.slice(0, 1) : entries) {
    yield* objectsIn(inner, [...path, key]);
  }
}

// deno-lint-ignore no-explicit-any -- any JSON
function at(value: any, path: readonly string[]): any {
  return path.reduce((inner, key) => inner[key], value);
}

function folderOf(index: number): string {
  return `migrations/20260101T000${index}_${idAt(index)}`;
}
