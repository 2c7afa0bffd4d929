/** Packages of npm as folders: fetched by Deno, which checks their integrity and runs no install script. */

/**
 * The folder of a package in Deno's cache, fetched if it is not there.
 *
 * @param integrity what its archive must be, as npm writes it; without it the registry is believed
 * @throws {Error} when it cannot be fetched, or is another one
 */
export async function npmFolder(name: string, version: string, integrity?: string): Promise<string> {
  const found = await cachedFolder(name, version);
  if (found !== null) return found;
  const lock = integrity === undefined ? null : await lockFor(name, version, integrity);
  const { stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "cache",
      "--quiet",
      "--no-config",
      ...(lock === null ? ["--no-lock"] : [`--lock=${lock}`, "--frozen"]),
      `npm:${name}@${version}/package.json`,
    ],
  }).output();
  if (lock !== null) await Deno.remove(lock);
  const fetched = await cachedFolder(name, version);
  if (fetched !== null) return fetched;
  throw new Error(`cannot fetch ${name}@${version} from npm: ${new TextDecoder().decode(stderr).trim()}`);
}

/** A lockfile that holds one package, by which Deno checks the archive. */
async function lockFor(name: string, version: string, integrity: string): Promise<string> {
  const path = await Deno.makeTempFile({ suffix: ".lock" });
  const pinned = {
    version: "5",
    specifiers: { [`npm:${name}@${version}`]: version },
    npm: { [`${name}@${version}`]: { integrity } },
  };
  await Deno.writeTextFile(path, JSON.stringify(pinned));
  return path;
}

/** Deno's cache has a folder for each registry, named after its host. */
async function cachedFolder(name: string, version: string): Promise<string | null> {
  const cache = await npmCache();
  try {
    for await (const registry of Deno.readDir(cache)) {
      const folder = `${cache}/${registry.name}/${name}/${version}`;
      if (await isFile(`${folder}/package.json`)) return folder;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return null;
}

let cachePath: Promise<string> | undefined;

/** The folder of Deno's cache that holds the packages of npm. */
export function npmCache(): Promise<string> {
  return cachePath ??= (async () => {
    const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json", "--no-config"] })
      .output();
    return (JSON.parse(new TextDecoder().decode(stdout)) as { npmCache: string }).npmCache;
  })();
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}
