/** The folders in which the programs find the chain, each in its own layout, written once for each length. */

import { ensureDir } from "@std/fs";
import type { Contestant } from "./contestant.ts";
import { chainOf } from "./workload.ts";

/** A temporary folder for the bench. */
export class Workspace implements AsyncDisposable {
  readonly #written = new Set<string>();

  private constructor(readonly path: string, readonly contestants: readonly Contestant[]) {}

  static async create(contestants: readonly Contestant[]): Promise<Workspace> {
    return new Workspace(await Deno.makeTempDir({ prefix: "mig-bench-" }), contestants);
  }

  /** The folder of a contestant with a chain of N. */
  async folder(contestant: Contestant, n: number): Promise<string> {
    const folder = `${this.path}/${n}/${contestant.name.replaceAll(/\W+/g, "_")}`;
    if (!this.#written.has(folder)) {
      await ensureDir(folder);
      await contestant.write(folder, chainOf(n));
      this.#written.add(folder);
    }
    return folder;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}
