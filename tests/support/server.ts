/** Real PostgreSQL servers, started and stopped by the tests. */

import { copy } from "@std/fs";
import { defaultMajor, postgresBinaries, testCache } from "./binaries.ts";

export interface ServerOptions {
  readonly major?: number;
  /** Settings of postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Lines of pg_hba.conf; by default everybody may in. */
  readonly hba?: readonly string[];
  /** Files for the data directory, readable for the server alone, by their names. */
  readonly files?: Readonly<Record<string, string>>;
  /** Whether the disk is flushed, as it has to be where a crash of the machine matters. */
  readonly fsync?: boolean;
  /** A folder to be made for it, instead of a temporary one. */
  readonly folder?: string;
}

/** As `pg_ctl stop -m` has it. */
export type StopMode = "fast" | "immediate";

/** A server of the tests' own, on a free port of this machine. */
export class TestServer implements AsyncDisposable {
  private constructor(
    readonly major: number,
    readonly port: number,
    /** The data directory; the unix socket and the log are in it too. */
    readonly folder: string,
    readonly bin: string,
  ) {}

  /** Makes and starts a server. */
  static async start(options: ServerOptions = {}): Promise<TestServer> {
    const major = options.major ?? defaultMajor();
    const bin = await postgresBinaries(major);
    const folder = options.folder ?? await Deno.makeTempDir({ prefix: "mig-pg-" });
    await Deno.mkdir(folder, { recursive: true });
    const server = new TestServer(major, freePort(), folder, bin);
    await copyTemplate(major, bin, `${folder}/data`);
    await Deno.writeTextFile(`${folder}/data/postgresql.conf`, configOf(server, options), { append: true });
    await Deno.writeTextFile(
      `${folder}/data/pg_hba.conf`,
      (options.hba ?? ["local all all trust", "host all all 127.0.0.1/32 trust"]).join("\n") + "\n",
    );
    for (const [name, text] of Object.entries(options.files ?? {})) {
      await Deno.writeTextFile(`${folder}/data/${name}`, text, { mode: 0o600 });
    }
    await giveAway(folder);
    await server.start();
    return server;
  }

  /** Starts a standby that receives what this server writes. It lets replication in, and is stopped for a moment. */
  async standby(): Promise<TestServer> {
    await Deno.writeTextFile(`${this.folder}/data/pg_hba.conf`, "host replication all 127.0.0.1/32 trust\n", {
      append: true,
    });
    await this.stop();
    const folder = await Deno.makeTempDir({ prefix: "mig-pg-" });
    const standby = new TestServer(this.major, freePort(), folder, this.bin);
    await copy(`${this.folder}/data`, `${folder}/data`);
    if (Deno.build.os !== "windows") await Deno.chmod(`${folder}/data`, 0o700);
    const conninfo = `host=127.0.0.1 port=${this.port} user=postgres password=in-the-conninfo`;
    const settings = { primary_conninfo: conninfo };
    await Deno.writeTextFile(
      `${folder}/data/postgresql.conf`,
      configOf(standby, { settings }),
      { append: true },
    );
    await Deno.writeTextFile(`${folder}/data/standby.signal`, "");
    await giveAway(folder);
    await this.start();
    await standby.start();
    return standby;
  }

  /** The URL of a database on this server. */
  url(database = "postgres", user = "postgres"): string {
    return `postgres://${user}@127.0.0.1:${this.port}/${database}`;
  }

  /** The same by way of the unix socket. */
  socketUrl(database = "postgres", user = "postgres"): string {
    return `postgres://${user}@/${database}?host=${encodeURIComponent(this.folder)}&port=${this.port}`;
  }

  async start(): Promise<void> {
    await this.#control(["start", "-w", "-t", "60", "-l", `${this.folder}/log`]);
  }

  async stop(mode: StopMode = "fast"): Promise<void> {
    await this.#control(["stop", "-w", "-m", mode]);
  }

  /** Whether there is a process of it. */
  async isRunning(): Promise<boolean> {
    return await this.#control(["status"]).then(() => true, () => false);
  }

  /** What the server has logged so far. */
  log(): Promise<string> {
    return Deno.readTextFile(`${this.folder}/log`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop("immediate").catch(() => {});
    await Deno.remove(this.folder, { recursive: true });
  }

  async #control(args: readonly string[]): Promise<void> {
    await asServerUser(`${this.bin}/pg_ctl`, ["-D", `${this.folder}/data`, ...args]);
  }
}

/** PostgreSQL refuses to run as root. */
const SERVER_USER = 65534;

async function asServerUser(program: string, args: readonly string[]): Promise<void> {
  const root = Deno.uid() === 0;
  const log = args.includes("-l") ? args[args.indexOf("-l") + 1]! : null;
  // A server that inherits a pipe keeps it open, and whoever reads it waits for ever.
  const output = log === null ? "piped" : "null";
  const result = await new Deno.Command(program, {
    args: [...args],
    ...(root ? { uid: SERVER_USER, gid: SERVER_USER } : {}),
    cwd: Deno.build.os === "windows" ? undefined : "/tmp",
    clearEnv: Deno.build.os !== "windows",
    env: { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" },
    stdout: output,
    stderr: output,
  }).output();
  if (result.success) return;
  const said = log === null
    ? new TextDecoder().decode(result.stdout) + new TextDecoder().decode(result.stderr)
    : await Deno.readTextFile(log).catch(() => "it has no log");
  throw new Error(`${program} ${args.join(" ")} failed:\n${said}`);
}

/** initdb takes long, so it is done once for each version, and copied. */
async function copyTemplate(major: number, bin: string, data: string): Promise<void> {
  const template = `${bin}/../template-data`;
  const ready = await Deno.stat(`${template}/PG_VERSION`).then(() => true, () => false);
  if (!ready) {
    const work = await Deno.makeTempDir({ dir: await testCache(), prefix: `initdb-${major}-` });
    await giveAway(work);
    await asServerUser(`${bin}/initdb`, [
      "-N",
      "-A",
      "trust",
      "-U",
      "postgres",
      "-E",
      "UTF8",
      "--locale=C",
      "-D",
      `${work}/data`,
    ]);
    await Deno.rename(`${work}/data`, template).catch(() => {});
    await Deno.remove(work, { recursive: true });
  }
  await copy(template, data);
  if (Deno.build.os !== "windows") await Deno.chmod(data, 0o700);
}

async function giveAway(folder: string): Promise<void> {
  if (Deno.uid() !== 0) return;
  const { success } = await new Deno.Command("chown", {
    args: ["-R", `${SERVER_USER}:${SERVER_USER}`, folder],
  })
    .output();
  if (!success) throw new Error(`cannot chown ${folder}`);
}

function configOf(server: TestServer, { settings, fsync }: ServerOptions): string {
  const all: Record<string, string> = {
    port: String(server.port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: Deno.build.os === "windows" ? "" : server.folder,
    fsync: fsync ? "on" : "off",
    max_connections: "200",
    log_min_messages: "warning",
    timezone: "UTC",
    ...settings,
  };
  return Object.entries(all).map(([name, value]) =>
    `${name} = '${value.replaceAll("\\", "/").replaceAll("'", "''")}'\n`
  ).join("");
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  return port;
}
