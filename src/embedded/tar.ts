/** Tar archives (POSIX ustar), as far as PGlite's extensions, an initial data directory and snapshots need them. */

/** A file or a folder of an archive. */
export interface TarEntry {
  /** Relative, with `/` between its parts and none at its ends. */
  readonly name: string;
  /** The file's content; null for a folder. */
  readonly content: Uint8Array | null;
  /** Its permissions, where they are other than the owner's alone. Reading an archive does not give them. */
  readonly mode?: number;
}

/**
 * Reads an archive. Contents are views into `archive`; files that are linked have the same view.
 * @throws {RangeError} when it is cut off, damaged, or would write outside of its folder
 */
export function unpackTar(archive: Uint8Array): TarEntry[] {
  const entries: TarEntry[] = [];
  const contents = new Map<string, Uint8Array>();
  for (let at = 0; at + BLOCK <= archive.length;) {
    const header = archive.subarray(at, at + BLOCK);
    if (header[0] === 0) return entries;
    if (octal(header, 148, 8) !== checksum(header)) throw new RangeError("the archive is damaged");
    const size = octal(header, 124, 12);
    const start = at + BLOCK;
    if (start + size > archive.length) throw new RangeError("the archive is cut off");
    const entry = entryOf(header, archive.subarray(start, start + size), contents);
    if (entry !== null) {
      entries.push(entry);
      if (entry.content !== null) contents.set(entry.name, entry.content);
    }
    at = start + padded(size);
  }
  throw new RangeError("the archive is cut off");
}

/**
 * Writes an archive; the same entries always give the same bytes.
 * @param links which files of it are written as links to others that come before them, by their names
 */
export function packTar(
  entries: readonly TarEntry[],
  links: ReadonlyMap<string, string> = new Map(),
): Uint8Array {
  const bodyOf = ({ name, content }: TarEntry) => links.has(name) ? null : content;
  const size = entries.reduce((sum, entry) => sum + BLOCK + padded(bodyOf(entry)?.length ?? 0), 2 * BLOCK);
  const archive = new Uint8Array(size);
  let at = 0;
  for (const entry of entries) {
    const body = bodyOf(entry);
    archive.set(headerOf(entry, links.get(entry.name)), at);
    at += BLOCK;
    if (body === null) continue;
    archive.set(body, at);
    at += padded(body.length);
  }
  return archive;
}

const BLOCK = 512;
const NAME_LENGTH = 100;
const FILE = 0x30, OLD_FILE = 0, LINK = 0x31, FOLDER = 0x35;

function entryOf(
  header: Uint8Array,
  body: Uint8Array,
  before: ReadonlyMap<string, Uint8Array>,
): TarEntry | null {
  const prefix = text(header, 345, 155);
  const name = plainName([prefix, text(header, 0, NAME_LENGTH)].join("/"));
  if (name === "") return null;
  if (name.split("/").includes("..")) {
    throw new RangeError(`the archive reaches outside of its folder: "${name}"`);
  }
  switch (header[156]) {
    case FILE:
    case OLD_FILE:
      return { name, content: body };
    case FOLDER:
      return { name, content: null };
    case LINK: {
      const content = before.get(plainName(text(header, 157, NAME_LENGTH)));
      if (content === undefined) throw new RangeError(`the archive has a link to nothing: "${name}"`);
      return { name, content };
    }
    default:
      return null;
  }
}

function plainName(path: string): string {
  return path.replace(/^[./]+|\/+$/g, "");
}

function headerOf({ name, content, mode }: TarEntry, link?: string): Uint8Array {
  const bytes = encoder.encode(name);
  if (bytes.length > NAME_LENGTH) throw new RangeError(`the name is too long for an archive: "${name}"`);
  const header = new Uint8Array(BLOCK);
  const put = (at: number, value: string) => header.set(encoder.encode(value), at);
  const number = (value: number, width: number) => `${value.toString(8).padStart(width - 1, "0")}\0`;
  header.set(bytes, 0);
  put(100, number(mode ?? (content === null ? 0o700 : 0o600), 8));
  put(108, number(0, 8));
  put(116, number(0, 8));
  put(124, number(link === undefined ? content?.length ?? 0 : 0, 12));
  put(136, number(0, 12));
  header[156] = content === null ? FOLDER : link === undefined ? FILE : LINK;
  put(157, link ?? "");
  put(257, "ustar\0" + "00");
  put(148, `${checksum(header).toString(8).padStart(6, "0")}\0 `);
  return header;
}

/** The sum of the header's bytes, its own field counted as spaces. */
function checksum(header: Uint8Array): number {
  return header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0);
}

function octal(header: Uint8Array, at: number, length: number): number {
  return Number.parseInt(text(header, at, length).trim() || "0", 8);
}

function text(header: Uint8Array, at: number, length: number): string {
  const field = header.subarray(at, at + length);
  const end = field.indexOf(0);
  return decoder.decode(end < 0 ? field : field.subarray(0, end));
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
