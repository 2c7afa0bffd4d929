/** The ways into a real server: passwords, TLS, unix sockets, and what mig says when it is not let in. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Authority, type Certificate } from "../support/authority.ts";
import { COPY_LINES, writeLines } from "../support/large_file.ts";
import { peakMemory } from "../support/memory.ts";
import { mig, type RunResult, startMig } from "../support/mig.ts";
import postgres from "postgres";
import { project } from "../support/project.ts";
import { Proxy } from "../support/proxy.ts";
import { TestServer } from "../support/server.ts";

const folder = await Deno.makeTempDir({ prefix: "mig-access-" });
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
const authority = await Authority.make(folder);
const certificate = await authority?.sign("server", "DNS:localhost,IP:127.0.0.1");

const PASSWORD = "s:e/c@r?e#t %20'\\";

Deno.test({
  name: "mig comes into a server by password, TLS and unix socket, and says why when it does not",
  ignore: certificate === undefined || Deno.build.os === "windows",
  async fn(test) {
    await using server = await TestServer.start({
      settings: { ssl: "on", ssl_cert_file: "server.crt", ssl_key_file: "server.key" },
      files: { "server.crt": certificate!.cert, "server.key": certificate!.key },
      hba: [
        "local all app scram-sha-256",
        "local all all trust",
        "hostssl all app 127.0.0.1/32 scram-sha-256",
        "host all postgres 127.0.0.1/32 trust",
      ],
    });
    await using files = await project([{ up: "create table t (id integer);", down: "drop table t;" }]);
    const run = (url: string, env: Record<string, string> = {}, ...args: string[]) =>
      mig(args.length === 0 ? ["status"] : args, { cwd: files.folder, env: { DATABASE_URL: url, ...env } });
    const setup = await run(server.url(), {}, "up");
    assertEquals(setup.code, 0, setup.stderr);
    await psql(server, [
      "create role app login password '" + PASSWORD.replaceAll("'", "''") + "'",
      "grant select on mig_version to app",
    ]);
    const host = `127.0.0.1:${server.port}`;
    const secret = encodeURIComponent(PASSWORD);
    const letIn = (result: RunResult) => assertEquals([result.code, result.stderr], [0, ""]);

    await test.step("a password in the URL, percent-encoded, over TLS", async () => {
      letIn(await run(`postgres://app:${secret}@${host}/postgres?sslmode=require`));
      letIn(
        await run(
          `postgres://app:${secret}@${host}/postgres?sslmode=verify-full&sslrootcert=${authority!.file}`,
        ),
      );
    });
    await test.step("a password in PGPASSWORD and in a password file", async () => {
      letIn(await run(`postgres://app@${host}/postgres`, { PGPASSWORD: PASSWORD }));
      const line = `127.0.0.1:${server.port}:*:app:${
        PASSWORD.replaceAll("\\", "\\\\").replaceAll(":", "\\:")
      }\n`;
      await Deno.writeTextFile(`${folder}/pgpass`, line, { mode: 0o600 });
      letIn(await run(`postgres://app@${host}/postgres`, { PGPASSFILE: `${folder}/pgpass` }));
    });
    await test.step("the unix socket", async () => {
      letIn(await run(server.socketUrl()));
      letIn(await run(server.socketUrl("postgres", `app:${secret}`)));
    });
    await test.step("a wrong password", async () => {
      const { code, stderr } = await run(`postgres://app:wr0ng-one@${host}/postgres`);
      assertEquals(code, 1);
      assertStringIncludes(stderr, "password authentication failed");
      assertStringIncludes(stderr, "hint:");
      assert(!stderr.includes("wr0ng-one"), "the password stays hidden");
    });
    await test.step("no password", async () => {
      const { code, stderr } = await run(`postgres://app@${host}/postgres`);
      assertEquals(code, 1);
      assertStringIncludes(stderr, "password");
      assertStringIncludes(stderr, "hint:");
    });
    await test.step("no TLS where the server wants it", async () => {
      const { code, stderr } = await run(`postgres://app:${secret}@${host}/postgres?sslmode=disable`);
      assertEquals(code, 1);
      assertStringIncludes(stderr, "no encryption");
      assert(!stderr.includes(secret) && !stderr.includes(PASSWORD), "the password stays hidden");
    });
    await test.step("a certificate of an authority that is not known", async () => {
      const other = await Authority.make(await Deno.makeTempDir({ dir: folder }));
      const url = `postgres://app:${secret}@${host}/postgres?sslmode=verify-full&sslrootcert=${other!.file}`;
      // What Node.js programs are told to trust is not what this URL says.
      for (
        const env of [{}, { NODE_TLS_REJECT_UNAUTHORIZED: "0" }, { NODE_EXTRA_CA_CERTS: authority!.file }]
      ) {
        const { code, stderr } = await run(url, env as Record<string, string>);
        assertEquals(code, 1, JSON.stringify(env));
        assertStringIncludes(stderr, "certificate");
        assertStringIncludes(stderr, "hint:");
      }
    });
    await test.step("verify-full refuses a wrong host name and an expired certificate, whoever signed them", async () => {
      const root = `sslrootcert=${authority!.file}`;
      const url = (mode: string, name = "127.0.0.1") =>
        `postgres://app:${secret}@${name}:${server.port}/postgres?sslmode=${mode}&${root}`;
      const show = async (other: Certificate) => {
        await Deno.writeTextFile(`${server.folder}/data/server.crt`, other.cert);
        await Deno.writeTextFile(`${server.folder}/data/server.key`, other.key);
        await psql(server, ["select pg_reload_conf()", "select pg_sleep(0.5)"]);
      };
      await show(await authority!.sign("elsewhere", "DNS:elsewhere.example"));
      const wrong = await run(url("verify-full"));
      assertEquals(wrong.code, 1);
      assertStringIncludes(wrong.stderr, "is for another host, not for 127.0.0.1");
      assertStringIncludes(wrong.stderr, "hint:");
      letIn(await run(url("verify-ca")));

      await show(await authority!.sign("old", "DNS:localhost,IP:127.0.0.1", -1));
      for (const mode of ["verify-full", "verify-ca"]) {
        const expired = await run(url(mode));
        assertEquals(expired.code, 1);
        assertStringIncludes(expired.stderr, "has expired");
        assertStringIncludes(expired.stderr, "hint:");
      }
      for (const { stderr } of [wrong, await run(url("verify-full"), {}, "up", "--json")]) {
        assert(!stderr.includes(secret) && !stderr.includes(PASSWORD), "the password stays hidden");
      }

      await show(certificate!);
      letIn(await run(url("verify-full")));
      letIn(await run(url("verify-full", "localhost")));
    });
    await test.step("a line that is cut while data is sent, with TLS and without, is noticed, and the run goes on", async () => {
      const rows = Array.from({ length: 60_000 }, (_, at) => `${at}\t${"x".repeat(100)}\n`).join("");
      await using loaded = await project([
        { up: "create table loaded (id integer, text text);", down: "drop table loaded;" },
        { up: `copy loaded from stdin;\n${rows}\\.\n`, down: "truncate loaded;" },
        { up: "select pg_sleep(1);", down: "" },
      ]);
      for (const mode of ["prefer", "require", "disable"]) {
        for (const after of [300_000, 5_000_000]) {
          await psql(server, [`drop schema if exists cut cascade`, "create schema cut"]);
          await using proxy = new Proxy(server.port, { cutAfterBytes: after });
          const url =
            `postgres://postgres@127.0.0.1:${proxy.port}/postgres?sslmode=${mode}&options=-csearch_path%3Dcut`;
          const { code, stderr } = await mig(["up", "--table", "cut.mig_version"], {
            cwd: loaded.folder,
            env: { DATABASE_URL: url },
          });
          assertEquals(code, 0, `${mode} ${after}: ${stderr}`);
          assertStringIncludes(stderr, "the connection was lost");
          assertStringIncludes(stderr, "connected again");
          const [row] = await psql(server, ["select count(*)::int as rows from cut.loaded"]);
          assertEquals(row!.rows, 60_000);
        }
      }
    });
    await test.step("what a slow line does not take yet is not held in memory, with TLS or without", async () => {
      await using large = await project([{ up: "", down: "drop table big;" }]);
      const head = "create table big (id bigint, note text);\ncopy big (id, note) from stdin;\n";
      for await (const { name } of Deno.readDir(large.migrations)) {
        await writeLines(`${large.migrations}/${name}/up.sql`, { ...COPY_LINES, head }, 300 << 20);
      }
      for (const mode of ["prefer", "require", "disable"]) {
        await psql(server, ["drop schema if exists cut cascade", "create schema cut"]);
        await using proxy = new Proxy(server.port, { stallAfterBytes: 3_000_000 });
        const url =
          `postgres://postgres@127.0.0.1:${proxy.port}/postgres?sslmode=${mode}&options=-csearch_path%3Dcut`;
        const running = startMig(["up", "--table", "cut.mig_version", "--reconnect", "0"], {
          cwd: large.folder,
          env: { DATABASE_URL: url },
        });
        setTimeout(() => proxy.cut(), 8000);
        const peak = await peakMemory(running.process);
        const { code, stderr } = await running.result;
        assertEquals(code, 1);
        assertStringIncludes(stderr, "the connection to the server was lost");
        if (peak !== null) assert(peak < 250, `${mode}: ${Math.round(peak)} MB`);
      }
    });
    await test.step("a chain over TLS with statements in flight", async () => {
      const url = `postgres://postgres@${host}/postgres?sslmode=verify-ca&sslrootcert=${authority!.file}`;
      for (const args of [["down", "base"], ["up"]]) {
        const { code, stderr } = await run(url, {}, ...args);
        assertEquals(code, 0, stderr);
      }
    });
  },
});

async function psql(server: TestServer, statements: readonly string[]): Promise<postgres.Row[]> {
  const sql = postgres(server.url(), { max: 1 });
  let rows: postgres.Row[] = [];
  for (const statement of statements) rows = await sql.unsafe(statement);
  await sql.end();
  return rows;
}
