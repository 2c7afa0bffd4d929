/** What people download: the executable and the licence in an archive of the kind that their system opens. */

import { gzipSync } from "node:zlib";
import { packTar } from "../../src/embedded/tar.ts";
import type { Target } from "../build/target.ts";
import { packZip } from "./zip.ts";

/** A file of an archive. */
export interface ReleasedFile {
  readonly name: string;
  readonly content: Uint8Array;
  /** Its permissions, as chmod has them. */
  readonly mode: number;
}

/** `mig-linux-x64.tar.gz`. Without the version, so that the latest one can be linked to. */
export function archiveName(target: Target): string {
  return `mig-${target.name}.${isWindows(target) ? "zip" : "tar.gz"}`;
}

/** The archive for a platform; the same files always give the same bytes. */
export function packArchive(target: Target, executable: Uint8Array, licence: Uint8Array): Uint8Array {
  const files: ReleasedFile[] = [
    { name: `mig${target.suffix}`, content: executable, mode: 0o755 },
    { name: "LICENSE", content: licence, mode: 0o644 },
  ];
  return isWindows(target) ? packZip(files) : gzip(packTar(files));
}

function isWindows(target: Target): boolean {
  return target.suffix === ".exe";
}

/** Without the time, and with the same mark for the system wherever it is made. */
function gzip(bytes: Uint8Array): Uint8Array {
  const packed = gzipSync(bytes, { level: 9 });
  packed[SYSTEM] = UNKNOWN_SYSTEM;
  return packed;
}

/** RFC 1952, section 2.3: OS. */
const SYSTEM = 9;
const UNKNOWN_SYSTEM = 255;
