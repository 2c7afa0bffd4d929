import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { readdirSync, readFileSync } from "node:fs";
import { RevisionGraph } from "../../../src/revision/graph.ts";
import { withChanges } from "../../../src/revision/revision.ts";
import { readChain } from "../../../src/storage/chain.ts";
import { DEFAULT_FOLDER_NAME } from "../../../src/revision/folder_name.ts";
import { createRevision, type NewRevision } from "../../../src/storage/create.ts";
import { readTemplates } from "../../../src/storage/templates.ts";
import { faultOf, TestFolder } from "./folders.ts";

const NOW = new Date("2026-11-22T22:25:59.999Z");

function wanted(folder: TestFolder, changes: Partial<NewRevision> = {}): NewRevision {
  return {
    folder: folder.path,
    graph: new RevisionGraph([]),
    message: "phone number",
    parents: [],
    templates: readTemplates({ path: "none", required: false }),
    folderName: DEFAULT_FOLDER_NAME,
    now: NOW,
    ...changes,
  };
}

Deno.test("createRevision() makes a folder that readChain() reads back", async () => {
  using folder = new TestFolder();
  const made = createRevision(wanted(folder));
  assertMatch(made.id, /^[0-9a-f]{8}$/);
  assertEquals(made.path, `${folder.path}/20261122T2225_${made.id}_phone_number`);
  assertEquals((await readChain(folder.path)).map((read) => withChanges(read, {})), [made]);
  assertEquals(readdirSync(made.path).sort(), ["down.sql", "meta.json", "up.sql"]);
  assertEquals(readdirSync(folder.path).length, 1);
});

Deno.test("createRevision() takes everything that it is told", async () => {
  using folder = new TestFolder().revision("a", "a").revision("b", "b");
  const graph = new RevisionGraph(await readChain(folder.path));
  const made = createRevision(wanted(folder, {
    graph,
    id: "Merge1",
    parents: ["a", "B"],
    labels: ["Shop"],
    up: "select 1;\n",
    down: null,
  }));
  assertEquals([made.id, made.parents, made.labels, made.reversible], [
    "merge1",
    ["a", "b"],
    ["shop"],
    false,
  ]);
  assertEquals(readdirSync(made.path).sort(), ["meta.json", "up.sql"]);
  assertEquals(readFileSync(`${made.path}/up.sql`, "utf8"), "select 1;\n");
  assertEquals(new RevisionGraph(await readChain(folder.path)).heads.map(({ id }) => id), ["merge1"]);
});

Deno.test("createRevision() writes files that are nothing but comments and tell what to write", () => {
  using folder = new TestFolder();
  const { path } = createRevision(wanted(folder));
  for (const name of ["up.sql", "down.sql"]) {
    const text = readFileSync(`${path}/${name}`, "utf8");
    assert(text.split("\n").every((line) => line === "" || line.startsWith("-- ")), name);
    // An explanation of a directive must not be one.
    assert(!/^--\s*mig:/m.test(text), name);
  }
});

Deno.test("createRevision() refuses an id or a label that is taken, and a parent that is not there", async () => {
  using folder = new TestFolder().revision("a", "a");
  const graph = new RevisionGraph(await readChain(folder.path));
  const refusal = async (changes: Partial<NewRevision>) => {
    const { code, message } = await faultOf(() => createRevision(wanted(folder, { graph, ...changes })));
    return `${code}: ${message}`;
  };
  assertEquals(await refusal({ id: "A" }), 'already-exists: the id "a" is taken by the revision a (make a)');
  assertEquals(
    await refusal({ labels: ["a"] }),
    'already-exists: the label "a" is taken by the revision a (make a)',
  );
  assertEquals(
    await refusal({ id: "head" }),
    'usage: the id "head" is a word of mig\'s own (head, heads, base, current)',
  );
  assertEquals(
    await refusal({ id: "../x" }),
    'usage: the id "../x" must hold only the letters a to z, digits, "_" and "-"',
  );
  assertStringIncludes(await refusal({ parents: ["zz"] }), 'revision-unknown: no revision has the id "zz"');
  assertStringIncludes(await refusal({ dependsOn: ["zz"] }), 'revision-unknown: no revision has the id "zz"');
  assertEquals(readdirSync(folder.path), ["a"]);
});

Deno.test("createRevision() refuses a folder that exists, and leaves it as it is", async () => {
  using folder = new TestFolder().write({ "20261122T2225_x1_phone_number/note": "mine" });
  const error = await faultOf(() => createRevision(wanted(folder, { id: "x1" })));
  assertEquals(error.code, "already-exists");
  assertEquals(readdirSync(folder.path), ["20261122T2225_x1_phone_number"]);
  assertEquals(readdirSync(`${folder.path}/20261122T2225_x1_phone_number`), ["note"]);
});

Deno.test("createRevision() says how to start where there is no migrations folder", async () => {
  using folder = new TestFolder();
  const error = await faultOf(() => createRevision(wanted(folder, { folder: `${folder.path}/none` })));
  assertEquals(error.code, "folder-missing");
});

Deno.test("createRevision() names the folder by the pattern, and fills in the templates", async () => {
  using folder = new TestFolder().revision("a", "a").write({
    "_templates/up.sql": "-- {{id}}: {{message}}, after {{parents}}, on {{date}}\n",
  });
  const graph = new RevisionGraph(await readChain(folder.path));
  const made = createRevision(wanted(folder, {
    graph,
    id: "b1",
    parents: ["a"],
    folderName: "{{date}}.{{id}}",
    templates: readTemplates({ path: `${folder.path}/_templates`, required: true }),
  }));
  assertEquals(made.path, `${folder.path}/2026-11-22.b1`);
  const up = readFileSync(`${made.path}/up.sql`, "utf8");
  assertEquals(up, "-- b1: phone number, after a, on 2026-11-22\n");
});

Deno.test("createRevision() refuses an id that would give a folder which mig does not read", async () => {
  using folder = new TestFolder();
  const error = await faultOf(() =>
    createRevision(wanted(folder, { id: "_x", folderName: "{{id}}_{{slug}}" }))
  );
  assertEquals(
    error.message,
    'the revision\'s folder "_x_phone_number" begins with "_", and mig reads no such folder',
  );
  assertEquals(readdirSync(folder.path), []);
});
