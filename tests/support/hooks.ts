/** Hooks for tests: a program that notes when it ran and what it was told. */

import type { TestProject } from "./project.ts";

/** What a hook noted. */
export interface Note {
  readonly label: string;
  readonly cwd: string;
  /** The variables that begin with MIG_. */
  readonly env: Readonly<Record<string, string>>;
}

/** A command line that notes that it ran, prints two lines, and ends with this exit code. It runs in every shell. */
export function noting(label: string, code = 0): string {
  return `"${Deno.execPath()}" run -A -q --no-config hooks/note.ts ${label} ${code}`;
}

/** Writes mig.json with these hooks, and the program that they run. */
export async function writeHooks(files: TestProject, hooks: unknown, more: object = {}): Promise<void> {
  await files.write("mig.json", JSON.stringify({ hooks, ...more }));
  await files.write("hooks/note.ts", PROGRAM);
}

/** What the hooks of a project have noted, in their order. */
export async function notesOf(files: TestProject): Promise<Note[]> {
  const text = await Deno.readTextFile(`${files.folder}/notes.txt`).catch(() => "");
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

/** Their labels. */
export async function labelsOf(files: TestProject): Promise<string[]> {
  return (await notesOf(files)).map(({ label }) => label);
}

const PROGRAM = `
const [label, code] = Deno.args;
const env = Object.fromEntries(Object.entries(Deno.env.toObject()).filter(([name]) => name.startsWith("MIG_")));
Deno.writeTextFileSync("notes.txt", JSON.stringify({ label, cwd: Deno.cwd(), env }) + "\\n", { append: true });
console.log("hook " + label);
console.error("it ends with " + code);
Deno.exit(Number(code));
`;
