/** Stands in for `@std/fs` where jsr.io cannot be reached: the functions that mig's tests and tools use. */

import { basename, join, normalize, resolve, sep } from "node:path";

/** Makes a folder, and those above it, unless it is there. */
export async function ensureDir(dir: string | URL): Promise<void> {
  if (await exists(dir)) {
    const { isFile, isDirectory } = await Deno.stat(dir);
    if (isDirectory) return;
    throw new Error(
      `Failed to ensure directory exists: expected 'dir', got '${isFile ? "file" : undefined}'`,
    );
  }
  await Deno.mkdir(dir, { recursive: true });
}

/** Tells whether a path exists. */
export async function exists(path: string | URL): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    // It is there, and somebody else's.
    if (error instanceof Deno.errors.PermissionDenied) return true;
    throw error;
  }
}

/** Makes a folder empty, or makes it. */
export async function emptyDir(dir: string): Promise<void> {
  if (!await exists(dir)) return await Deno.mkdir(dir, { recursive: true });
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
  if (includeDirs && isWanted(root)) {
    const { isFile, isDirectory, isSymlink } = await Deno.stat(root);
    yield { path: normalize(root), name: basename(root), isFile, isDirectory, isSymlink };
  }
  for await (const entry of Deno.readDir(root)) {
    const path = join(root, entry.name);
    if (entry.isDirectory) yield* walk(path, options);
    else if (isWanted(path)) yield { path, ...entry };
  }
}

/** What `copy` does with what is there. */
export interface CopyOptions {
  /** Writes over files. */
  overwrite?: boolean;
}

/** Copies a file or a folder with all that is in it. Links are copied as links, and never over one that is there. */
export async function copy(src: string, dest: string, options: CopyOptions = {}): Promise<void> {
  const [from, to] = [resolve(src), resolve(dest)];
  if (from === to) throw new Error("Source and destination cannot be the same");
  const { isDirectory, isSymlink } = await Deno.lstat(from);
  if (isDirectory && to.startsWith(from + sep)) {
    throw new Error(`Cannot copy '${from}' to a subdirectory of itself: '${to}'`);
  }
  const there = await Deno.lstat(to).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  });
  if (there !== null && isDirectory && !there.isDirectory) {
    throw new Error(`Cannot overwrite non-directory '${to}' with directory '${from}'`);
  }
  if (there !== null && !options.overwrite) throw new Deno.errors.AlreadyExists(`'${to}' already exists.`);
  if (isSymlink) return await Deno.symlink(await Deno.readLink(from), to);
  if (!isDirectory) return await Deno.copyFile(from, to);
  if (there === null) await ensureDir(to);
  for await (const { name } of Deno.readDir(from)) await copy(join(from, name), join(to, name), options);
}
