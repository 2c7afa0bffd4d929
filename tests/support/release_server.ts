/** A release to install from: an HTTP server of this machine, in the layout of GitHub's releases. */

import { targetNamed } from "../../tools/build/target.ts";
import { archiveName, packArchive } from "../../tools/release/archive.ts";
import { CHECKSUMS, checksumsOf } from "../../tools/release/checksums.ts";

/** Serves files; gone when it is disposed of. */
export class ReleaseServer implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  /** @param files by their paths, such as `latest/download/SHA256SUMS` */
  constructor(readonly files: Map<string, Uint8Array>) {
    this.#server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
      const file = files.get(new URL(request.url).pathname.slice("/releases/".length));
      return file === undefined
        ? new Response("not found", { status: 404 })
        : new Response(new Uint8Array(file), { headers: { "content-type": "application/octet-stream" } });
    });
  }

  /** What MIG_INSTALL_URL is set to. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/releases`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

/**
 * Serves a release: files and their checksums.
 *
 * @param folder `latest/download`, or `download/v1.2.3`
 */
export async function serveRelease(
  files: Readonly<Record<string, Uint8Array>>,
  folder = "latest/download",
): Promise<ReleaseServer> {
  const work = await Deno.makeTempDir({ prefix: "mig-release-" });
  try {
    for (const [name, content] of Object.entries(files)) await Deno.writeFile(`${work}/${name}`, content);
    const sums = await checksumsOf(work, Object.keys(files));
    const all = { ...files, [CHECKSUMS]: new TextEncoder().encode(sums) };
    return new ReleaseServer(
      new Map(Object.entries(all).map(([name, content]) => [`${folder}/${name}`, content])),
    );
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

/** The archive of a platform with a script in the place of the executable. */
export function fakeArchive(platform: string, script = "echo mig 9.9.9"): Record<string, Uint8Array> {
  const text = (text: string) => new TextEncoder().encode(text);
  const target = targetNamed(platform);
  return { [archiveName(target)]: packArchive(target, text(`#!/bin/sh\n${script}\n`), text("a licence\n")) };
}
