/** PGlite's files for the executable: copied beside the bundle, and a module in the place of src/embedded/assets.ts. */

import { ensureDir, exists } from "@std/fs";
import { EXTENSION_ARCHIVES } from "../../src/embedded/extensions.ts";
import { PGLITE_VERSION } from "../../src/embedded/version.ts";
import config from "../../deno.json" with { type: "json" };
import { npmFolder } from "./npm.ts";

/** The import that the bundle leaves open for the module made here. */
export const ASSETS_IMPORT = "./assets.ts";

/**
 * Writes the assets into the folder of the bundle.
 *
 * @param cache where the data directory is kept for the next build; to make one takes seconds
 */
export async function writeAssets(folder: string, cache: string): Promise<void> {
  const pglite = await npmFolder("@electric-sql/pglite", PGLITE_VERSION);
  const files = `${folder}/files`;
  await ensureDir(files);
  const copies = ["pglite.wasm", "pglite.data", ...EXTENSION_ARCHIVES.map((name) => `${name}.tar.gz`)];
  for (const name of copies) await Deno.copyFile(`${pglite}/dist/${name}`, `${files}/${name}`);
  const tools = await npmFolder(TOOLS, config.imports[TOOLS].slice(`npm:${TOOLS}@`.length));
  await Deno.copyFile(`${tools}/dist/${PG_DUMP}`, `${files}/${PG_DUMP}`);
  await Deno.copyFile(await initialDataDir(cache), `${files}/initial_data.tar.gz`);
  await linkPackage(folder, "@electric-sql/pglite", pglite);
  await linkPackage(folder, TOOLS, tools);
  await Deno.writeTextFile(`${folder}/${ASSETS_IMPORT}`, assetsModule());
}

const TOOLS = "@electric-sql/pglite-tools";
/** Its package looks for it under this name, beside the code. */
const PG_DUMP = "pg_dump.wasm";

async function initialDataDir(cache: string): Promise<string> {
  const path = `${cache}/lean-initial-data-${PGLITE_VERSION}.tar.gz`;
  if (await exists(path)) return path;
  await ensureDir(cache);
  const work = `${path}.${Deno.pid}`;
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", "tools/build/initial_data.ts", work],
  }).output();
  if (!success) throw new Error(`cannot make the data directory:\n${new TextDecoder().decode(stderr)}`);
  await Deno.rename(work, path);
  return path;
}

/** Bun looks for packages in node_modules. */
async function linkPackage(folder: string, name: string, target: string): Promise<void> {
  await ensureDir(`${folder}/node_modules/@electric-sql`);
  const link = `${folder}/node_modules/${name}`;
  // A junction needs no privilege on Windows.
  if (!await exists(link)) await Deno.symlink(target, link, { type: "junction" });
}

function assetsModule(): string {
  const file = (variable: string, name: string) =>
    `import ${variable} from "./files/${name}" with { type: "file" };`;
  return [
    'import { readFile } from "node:fs/promises";',
    file("wasm", "pglite.wasm"),
    file("data", "pglite.data"),
    file("initial", "initial_data.tar.gz"),
    file("pgDump", PG_DUMP),
    ...EXTENSION_ARCHIVES.map((name, i) => file(`extension${i}`, `${name}.tar.gz`)),
    `const extensions = { ${EXTENSION_ARCHIVES.map((name, i) => `"${name}": extension${i}`).join(", ")} };`,
    `let module = null;
export function loadAssets() {
  return Promise.resolve({
    wasm: () => module ??= readFile(wasm).then((bytes) => WebAssembly.compile(bytes)),
    fsBundle: async () => (await readFile(data)).buffer,
    initialDataDir: async () => await readFile(initial),
    extension: async (name) => await readFile(extensions[name]),
    pgDump,
  });
}`,
  ].join("\n");
}
