/** Stands in for `@std/fs` where jsr.io cannot be reached: the functions that mig's tests and tools use. */

/** Makes a folder, and those above it, unless it is there. */
export async function ensureDir(dir: string | URL): Promise<void> {
  await Deno.mkdir(dir, { recursive: true });
}

/** Tells whether a path exists. */
export async function exists(path: string | URL): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Makes a folder empty, or makes it. */
export async function emptyDir(dir: string): Promise<void> {
  await ensureDir(dir);
  for await (const { name } of Deno.readDir(dir)) await Deno.remove(`${dir}/${name}`, { recursive: true });
}

/** One file or folder that `walk` came by. */
export interface WalkEntry extends Deno.DirEntry {
  path: string;
}

/** Which of them `walk` gives. */
export interface WalkOptions {
  includeDirs?: boolean;
  exts?: string[];
}

/** Everything below a folder, the folder itself included. Links are given, and not followed. */
export async function* walk(root: string, options: WalkOptions = {}): AsyncIterableIterator<WalkEntry> {
  const { includeDirs = true, exts } = options;
  const isWanted = (path: string) =>
    exts === undefined || exts.some((ext) => path.endsWith(ext.startsWith(".") ? ext : `.${ext}`));
  const folder = root.replace(/(?<=.)[\\/]+$/, "");
  if (includeDirs && isWanted(folder)) {
    const { isFile, isDirectory, isSymlink } = await Deno.stat(folder);
    yield { path: folder, name: folder.replace(/^.*[\\/]/, ""), isFile, isDirectory, isSymlink };
  }
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* walk(path, options);
    else if (isWanted(path)) yield { path, ...entry };
  }
}

/** Copies a file or a folder with all that is in it; with `overwrite`, over what is there. */
export async function copy(src: string, dest: string, options: { overwrite?: boolean } = {}): Promise<void> {
  if (!options.overwrite && await exists(dest)) {
    throw new Deno.errors.AlreadyExists(`'${dest}' already exists.`);
  }
  const { isDirectory, isSymlink } = await Deno.lstat(src);
  if (isSymlink) {
    if (options.overwrite && await exists(dest)) await Deno.remove(dest);
    return await Deno.symlink(await Deno.readLink(src), dest);
  }
  if (!isDirectory) return await Deno.copyFile(src, dest);
  await ensureDir(dest);
  for await (const { name } of Deno.readDir(src)) await copy(`${src}/${name}`, `${dest}/${name}`, options);
}
