/** JSR in miniature: serves packages out of a folder, with the protocol that Deno speaks (jsr.io/docs/api). */

import { walk } from "@std/fs";

/** A folder's deno.json. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string>>;
}

/** A registry on this machine; the packages are served as they are when it starts. */
export class Registry implements AsyncDisposable {
  /** What was asked for, by path. */
  readonly asked: string[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  private constructor(files: ReadonlyMap<string, string>) {
    const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    this.#server = Deno.serve(options, (request) => {
      const { pathname } = new URL(request.url);
      this.asked.push(pathname);
      const body = files.get(pathname);
      if (body === undefined) return new Response("not found", { status: 404 });
      const type = pathname.endsWith(".json") ? "application/json" : "text/typescript";
      return new Response(body, { headers: { "content-type": type } });
    });
  }

  /** Serves the packages of a folder; each has a folder of its own, with a deno.json. */
  static async start(folder: string): Promise<Registry> {
    const files = new Map<string, string>();
    for await (const { name } of Deno.readDir(folder)) await addPackage(`${folder}/${name}`, files);
    return new Registry(files);
  }

  /** As JSR_URL has it. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

async function addPackage(folder: string, files: Map<string, string>): Promise<void> {
  const config = JSON.parse(await Deno.readTextFile(`${folder}/deno.json`)) as Manifest;
  const [scope, name] = config.name.slice(1).split("/");
  const { version } = config;
  const manifest: Record<string, { size: number; checksum: string }> = {};
  for await (const { path } of walk(folder, { includeDirs: false, exts: [".ts"] })) {
    const file = path.slice(folder.length);
    const bytes = await Deno.readFile(path);
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
    manifest[file] = { size: bytes.length, checksum: `sha256-${hash}` };
    files.set(`/${config.name}/${version}${file}`, new TextDecoder().decode(bytes));
  }
  const meta = { scope, name, latest: version, versions: { [version]: {} } };
  files.set(`/${config.name}/meta.json`, JSON.stringify(meta));
  const ofVersion = { manifest, exports: config.exports };
  files.set(`/${config.name}/${version}_meta.json`, JSON.stringify(ofVersion));
}
