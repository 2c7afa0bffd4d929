/** A fresh checkout of the repository, in which Deno works as on a machine that has only npm's packages. */

import { copy } from "@std/fs";
import { npmCache } from "../../tools/build/npm.ts";
import { ROOT, type RunResult } from "./mig.ts";

/** What mig's own commands need of the repository. */
const SOURCES = ["main.ts", "deno.json", "deno.lock", "src", "tools"];

/** A copy of the sources and a cache of Deno's, both gone when it is disposed of. */
export class Checkout implements AsyncDisposable {
  private constructor(readonly folder: string, readonly cache: string) {}

  static async make(): Promise<Checkout> {
    const made = new Checkout(
      await Deno.makeTempDir({ prefix: "mig-checkout-" }),
      await Deno.makeTempDir({ prefix: "mig-deno-" }),
    );
    for (const name of SOURCES) await copy(ROOT + name, `${made.folder}/${name}`);
    // A junction needs no privilege on Windows.
    await Deno.symlink(await npmCache(), `${made.cache}/npm`, { type: "junction" });
    return made;
  }

  /** Runs Deno in the checkout. */
  async deno(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<RunResult> {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...args],
      cwd: this.folder,
      env: { DENO_DIR: this.cache, NO_COLOR: "1", MIG_OFFLINE: "", ...env },
    }).output();
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    return { code, stdout: out!, stderr: err! };
  }

  /** The text of a file; null where there is none. */
  async read(path: string): Promise<string | null> {
    return await Deno.readTextFile(`${this.folder}/${path}`).catch(() => null);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
    await Deno.remove(this.cache, { recursive: true });
  }
}
