/** Projects for tests: a temporary folder with revisions. */

import { ensureDir } from "@std/fs";

/** A revision of a test project; the id is made from its place, the parent is the one before it. */
export interface RevisionLiteral {
  readonly id?: string;
  readonly parent?: string | readonly string[] | null;
  readonly message?: string;
  readonly labels?: readonly string[];
  readonly dependsOn?: readonly string[];
  readonly up: string;
  /** Null for none. */
  readonly down?: string | null;
}

/** A folder with mig.json and migrations/, gone when it is disposed of. */
export class TestProject implements AsyncDisposable {
  constructor(readonly folder: string) {}

  /** The folder of the revisions. */
  get migrations(): string {
    return `${this.folder}/migrations`;
  }

  /** Writes a file of the project. */
  async write(path: string, text: string | Uint8Array): Promise<void> {
    await ensureDir(`${this.folder}/${path}`.replace(/\/[^/]*$/, ""));
    if (typeof text === "string") await Deno.writeTextFile(`${this.folder}/${path}`, text);
    else await Deno.writeFile(`${this.folder}/${path}`, text);
  }

  /** Adds a revision, and gives its folder, relative to the project. */
  async add(revision: RevisionLiteral, index: number): Promise<string> {
    const id = revision.id ?? idAt(index);
    const parent = revision.parent === undefined ? (index === 0 ? null : idAt(index - 1)) : revision.parent;
    const { labels, dependsOn: depends_on } = revision;
    const message = revision.message ?? `revision ${index + 1}`;
    const folder = `migrations/20260101T${String(index).padStart(4, "0")}_${id}`;
    await this.write(`${folder}/meta.json`, JSON.stringify({ id, parent, message, labels, depends_on }));
    await this.write(`${folder}/up.sql`, revision.up);
    if (revision.down !== null) {
      await this.write(`${folder}/down.sql`, revision.down ?? "-- nothing to undo\n");
    }
    return folder;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** The id of the revision at a place, from 0: `0000a001`. */
export function idAt(index: number): string {
  return `0000a${String(index + 1).padStart(3, "0")}`;
}

/** Makes a project. */
export async function project(revisions: readonly RevisionLiteral[] = []): Promise<TestProject> {
  const made = new TestProject(await Deno.makeTempDir({ prefix: "mig-project-" }));
  await made.write("mig.json", '{ "migrations": "migrations" }\n');
  await ensureDir(made.migrations);
  for (const [index, revision] of revisions.entries()) await made.add(revision, index);
  return made;
}
