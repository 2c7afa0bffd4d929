/** The arrows of the architecture: which part of src may import which. */

import { assertEquals } from "@std/assert";
import { walk } from "@std/fs";
import { ROOT } from "./support/mig.ts";

/** What each part may import of the others; `main.ts` and `mod.ts` are the two faces. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  error: [],
  closest: [],
  duration: [],
  garbage: [],
  revision: ["error", "closest"],
  sql: ["error", "closest", "duration", "revision"],
  engine: ["error", "closest", "garbage", "revision", "sql"],
  postgres: ["error", "closest", "engine", "sql"],
  diff: ["error", "engine", "sql"],
  embedded: ["error", "engine", "sql"],
  storage: ["error", "closest", "garbage", "revision", "sql"],
  commands: ["error", "closest", "revision", "sql", "engine"],
  render: ["error", "closest", "commands", "engine", "revision"],
  library: ["error", "revision", "engine", "commands"],
  cli: ["error", "closest", "duration", "revision", "commands", "render", "engine", "library"],
  mod: ["error", "revision", "engine", "commands", "library"],
};

/** Where the implementations are put together. */
const WIRING = /^src\/(cli\/(wire\.ts|config\/|completion\/)|library\/)/;
const IMPLEMENTATIONS = ["diff", "postgres", "embedded", "storage"];

/** Packages, and the only parts that may use them. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "postgres": ["postgres"],
  "@electric-sql/pglite": ["embedded"],
  "@electric-sql/pglite-tools": ["embedded"],
  "jsonc-parser": ["revision", "cli"],
  "@supabase/pg-delta": ["diff"],
  "diff": ["commands"],
  "@std/cli": ["cli"],
};

interface Import {
  readonly file: string;
  readonly part: string;
  readonly specifier: string;
  /** Of relative imports: the path from the repository's root. */
  readonly target: string | null;
}

Deno.test("the parts of src import only what lies further in", async () => {
  const wrong = (await imports()).filter(({ file, part, target }) => {
    if (target === null) return false;
    const to = partOf(target);
    if (to === part || target === "deno.json") return false;
    if (IMPLEMENTATIONS.includes(to) && WIRING.test(file)) return false;
    return !(MAY_IMPORT[part] ?? []).includes(to);
  });
  assertEquals(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`), []);
});

Deno.test("a package is used by the part that it belongs to, and by no other", async () => {
  const wrong = (await imports()).filter(({ part, specifier, target }) => {
    if (target !== null || specifier.startsWith("node:")) return false;
    const name = Object.keys(PACKAGES).find((name) => specifier === name || specifier.startsWith(`${name}/`));
    return name === undefined || !PACKAGES[name]!.includes(part);
  });
  assertEquals(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`), []);
});

Deno.test("src never uses the Deno global, so that it runs on Node and Bun too", async () => {
  const wrong: string[] = [];
  for (const { file, text } of await sources()) {
    if (/(?<![\w.$])Deno\.\w/.test(withoutComments(text))) wrong.push(file);
  }
  assertEquals(wrong, []);
});

Deno.test("no file of src imports itself by way of others", async () => {
  const edges = new Map<string, string[]>();
  // What is imported when it is used, or for its types alone, closes no circle at start.
  for (const { file, target } of await imports({ onlyAtStart: true })) {
    if (target !== null) edges.set(file, [...edges.get(file) ?? [], target]);
  }
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]) => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(" → "));
    else if (!done.has(file)) {
      for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
      done.add(file);
    }
  };
  for (const file of edges.keys()) visit(file, []);
  assertEquals(circles, []);
});

Deno.test("a file holds one idea: none of src is longer than 260 lines", async () => {
  const long = (await sources()).filter(({ text }) => text.split("\n").length > 260).map(({ file }) => file);
  assertEquals(long, []);
});

function partOf(file: string): string {
  return file.replace(/^src\//, "").split("/")[0]!.replace(/\.ts$/, "");
}

async function sources(): Promise<{ file: string; text: string }[]> {
  const found: { file: string; text: string }[] = [];
  for await (const { path } of walk(`${ROOT}src`, { includeDirs: false, exts: [".ts"] })) {
    const file = path.slice(ROOT.length).replaceAll("\\", "/");
    found.push({ file, text: await Deno.readTextFile(path) });
  }
  return found;
}

async function imports({ onlyAtStart = false } = {}): Promise<Import[]> {
  const found: Import[] = [];
  for (const { file, text } of await sources()) {
    const statements = text.matchAll(
      /^(?:import|export)\b(\s+type\b)?[^;"]*?\bfrom\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm,
    );
    for (const [, type, specifier, lazy] of statements) {
      if (onlyAtStart && (type !== undefined || lazy !== undefined)) continue;
      const name = (specifier ?? lazy)!;
      const target = name.startsWith(".") ? new URL(name, `file:///${file}`).pathname.slice(1) : null;
      found.push({ file, part: partOf(file), specifier: name, target });
    }
  }
  return found;
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[^]*?\*\/|\/\/[^\n]*/g, "");
}
