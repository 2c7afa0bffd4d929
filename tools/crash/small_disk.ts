/**
 * A disk that can be full: a small tmpfs where this process may mount one, else a limit on the size of the server's files,
 * which PostgreSQL takes for a full disk (it ignores SIGXFSZ for that purpose).
 */

import { statfsSync } from "node:fs";
import type { TestServer } from "../../tests/support/server.ts";
import type { Chance } from "./chance.ts";

/** How a disk is made full on this machine. */
export type DiskKind = "tmpfs" | "prlimit";

/** A place for a server's data, full on demand. */
export interface SmallDisk extends AsyncDisposable {
  readonly kind: DiskKind;
  /** Where the server's folder has to be; undefined where any place will do. */
  readonly folder?: string;
  fill(server: TestServer, chance: Chance): Promise<void>;
  free(server: TestServer): Promise<void>;
}

/** The way that works here; null where there is none. */
export async function smallDisk(
  kinds: readonly DiskKind[] = ["tmpfs", "prlimit"],
): Promise<SmallDisk | null> {
  for (const kind of kinds) {
    const disk = kind === "tmpfs" ? await mounted() : await limited();
    if (disk !== null) return disk;
  }
  return null;
}

/** Holds a data directory of 50 MB and the databases of a few rounds. */
const SIZE_MB = 320;

async function mounted(): Promise<SmallDisk | null> {
  if (Deno.build.os !== "linux") return null;
  const folder = await Deno.makeTempDir({ prefix: "mig-disk-" });
  if (!await succeeds("mount", ["-t", "tmpfs", "-o", `size=${SIZE_MB}m,mode=755`, "tmpfs", folder])) {
    await Deno.remove(folder);
    return null;
  }
  const ballast = `${folder}/ballast`;
  return {
    kind: "tmpfs",
    folder: `${folder}/server`,
    async fill(_server, chance) {
      // Sometimes nothing is left, sometimes enough for a few more revisions.
      const left = Math.floor(chance.is(0.3) ? 0 : chance.between(0, 6 << 20));
      for (let tries = 0; tries < 10; tries++) {
        // The server writes meanwhile, so that the room which there was may be gone.
        const { bavail, bsize } = statfsSync(folder);
        const length = bavail * bsize - left;
        if (length <= 0 || await succeeds("fallocate", ["-l", String(length), ballast])) return;
      }
      throw new Error(`cannot fill ${folder}`);
    },
    free: () => Deno.remove(ballast).catch(() => {}),
    async [Symbol.asyncDispose]() {
      if (!await succeeds("umount", [folder])) await succeeds("umount", ["-l", folder]);
      await Deno.remove(folder).catch(() => {});
    },
  };
}

async function limited(): Promise<SmallDisk | null> {
  if (Deno.build.os !== "linux") return null;
  if (!await succeeds("prlimit", ["--pid", String(Deno.pid), "--fsize"])) return null;
  const limit = async (server: TestServer, bytes: string) => {
    const [postmaster, ...children] = await processesOf(server);
    if (postmaster === undefined) return;
    // Only the user that the server runs as may do it, unless root has every capability.
    const { uid, gid } = await Deno.stat(`${server.folder}/data`);
    const set = (pid: number) =>
      succeeds("prlimit", ["--pid", String(pid), `--fsize=${bytes}:unlimited`], { uid, gid });
    if (!await set(postmaster)) throw new Error("prlimit does not work on the server");
    // Some of them may have ended meanwhile.
    for (const pid of children) await set(pid);
  };
  return {
    kind: "prlimit",
    // A table's file is short, a segment of the write-ahead log has 16 MB: either may be hit first.
    fill: (server, chance) => limit(server, String(Math.floor(chance.between(64 << 10, 17 << 20)))),
    free: (server) => limit(server, "unlimited"),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** The postmaster, which new backends have their limit from, and its children. */
async function processesOf(server: TestServer): Promise<number[]> {
  const file = await Deno.readTextFile(`${server.folder}/data/postmaster.pid`).catch(() => "");
  const postmaster = Number(file.split("\n")[0]);
  if (!postmaster) return [];
  const children = await Deno.readTextFile(`/proc/${postmaster}/task/${postmaster}/children`).catch(() => "");
  return [postmaster, ...children.split(" ").filter(Boolean).map(Number)];
}

type Owner = Pick<Deno.FileInfo, "uid" | "gid">;

async function succeeds(program: string, args: readonly string[], as?: Owner): Promise<boolean> {
  const user = as?.uid != null && as.gid != null && Deno.uid() === 0 ? { uid: as.uid, gid: as.gid } : {};
  const command = new Deno.Command(program, { args: [...args], ...user, stdout: "null", stderr: "null" });
  return await command.output().then(({ success }) => success, () => false);
}
