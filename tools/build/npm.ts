/** Packages of npm as folders: fetched by Deno, which checks their integrity and runs no install script. */

/**
 * The folder of a package in Deno's cache, fetched if it is not there.
 *
 * @throws {Error} when it cannot be fetched
 */
export async function npmFolder(name: string, version: string): Promise<string> {
  const found = await cachedFolder(name, version);
  if (found !== null) return found;
  const { stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["cache", "--quiet", "--no-config", "--no-lock", `npm:${name}@${version}/package.json`],
  }).output();
  const fetched = await cachedFolder(name, version);
  if (fetched !== null) return fetched;
  throw new Error(`cannot fetch ${name}@${version} from npm: ${new TextDecoder().decode(stderr).trim()}`);
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
