/** PgBouncer in front of a server, where the machine has it. */

/** A pooler that hands out another server session for each transaction. */
export class Pooler implements AsyncDisposable {
  private constructor(readonly port: number, readonly folder: string, readonly process: Deno.ChildProcess) {}

  /** Starts one, which logs in as a user; null where there is no pgbouncer. @param more lines of its settings */
  static async start(serverPort: number, user = "postgres", more = ""): Promise<Pooler | null> {
    const program = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/opt/homebrew/bin/pgbouncer"].find(isFile);
    if (program === undefined) return null;
    const folder = await Deno.makeTempDir({ prefix: "mig-pooler-" });
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    listener.close();
    await Deno.writeTextFile(
      `${folder}/pgbouncer.ini`,
      `[databases]
* = host=127.0.0.1 port=${serverPort} user=${user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
auth_type = any
pool_mode = transaction
unix_socket_dir =
${more}
`,
    );
    // It refuses to run as root.
    const owner = Deno.uid() === 0 ? { uid: 65534, gid: 65534 } : {};
    await Deno.chmod(folder, 0o755);
    const process = new Deno.Command(program, {
      args: [`${folder}/pgbouncer.ini`],
      ...owner,
      stdout: "null",
      stderr: "null",
    }).spawn();
    const pooler = new Pooler(port, folder, process);
    for (let tries = 0; tries < 100; tries++) {
      try {
        (await Deno.connect({ hostname: "127.0.0.1", port })).close();
        return pooler;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    await pooler[Symbol.asyncDispose]();
    throw new Error("pgbouncer does not answer");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill("SIGKILL");
    await this.process.status;
    await Deno.remove(this.folder, { recursive: true });
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
