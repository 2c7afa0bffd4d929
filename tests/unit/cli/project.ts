/** Makes project folders for the tests of the settings. */

import { dirname, join } from "node:path";
import type { Surroundings } from "../../../src/postgres/parameters.ts";
import { type Config, loadConfig } from "../../../src/cli/config/config.ts";
import type { Flags } from "../../../src/cli/config/lookup.ts";

/** A folder with files, removed at the end. */
export interface Project extends AsyncDisposable {
  readonly folder: string;
  /** The settings as seen from the folder, or from one inside it. */
  load(input?: {
    readonly env?: Record<string, string>;
    readonly flags?: Flags;
    readonly inside?: string;
  }): Promise<Config>;
}

/** Makes a folder with these files, by their paths in it. */
export async function project(files: Readonly<Record<string, string | Uint8Array>>): Promise<Project> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "mig-config-" }));
  for (const [path, content] of Object.entries(files)) {
    await Deno.mkdir(join(folder, dirname(path)), { recursive: true });
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await Deno.writeFile(join(folder, path), bytes);
  }
  return {
    folder,
    load: ({ env = {}, flags = {}, inside = "." } = {}) =>
      loadConfig({ cwd: join(folder, inside), env, flags }),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** A machine without a server, whose user is `ann`. */
export function machine(env: Readonly<Record<string, string | undefined>> = {}): Surroundings {
  return {
    env,
    user: () => "ann",
    socketFolder: () => undefined,
    certificates: undefined,
    passwordFile: undefined,
    service: () => new Map(),
  };
}
