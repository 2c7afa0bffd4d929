/** Migration folders for tests, made in a temporary folder and removed again. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { MigError } from "../../../src/error.ts";

/** A temporary folder; `using` removes it. */
export class TestFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "mig-storage-"));

  /** Writes files, by their paths below the folder. */
  write(files: Readonly<Record<string, string | Uint8Array>>): this {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.path, name)), { recursive: true });
      writeFileSync(join(this.path, name), content);
    }
    return this;
  }

  /** Writes a revision's folder: id, then the ids of its parents. */
  revision(name: string, id: string, ...parents: string[]): this {
    const parent = parents.length < 2 ? parents[0] ?? null : parents;
    return this.write({
      [`${name}/meta.json`]: JSON.stringify({ id, parent, message: `make ${id}` }),
      [`${name}/up.sql`]: `create table ${id} ();\n`,
      [`${name}/down.sql`]: `drop table ${id};\n`,
    });
  }

  /** An error's text with this folder's path as `$`. */
  short(text: string): string {
    return text.replaceAll(this.path, "$");
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** The error that a function throws or a promise is rejected with. */
export async function faultOf(action: () => unknown): Promise<MigError> {
  let result: unknown;
  try {
    result = await action();
  } catch (error) {
    if (error instanceof MigError) return error;
    throw error;
  }
  throw new Error(`expected an error, got ${JSON.stringify(result)}`);
}
