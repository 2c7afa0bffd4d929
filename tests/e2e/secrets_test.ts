/** A password never shows: in no output of any command, in no error, and in no title of a process or session. */

import { assert, assertEquals } from "@std/assert";
import { REGISTRY } from "../../src/commands/registry.ts";
import { mig, type RunResult } from "../support/mig.ts";
import { idAt, project, type TestProject } from "../support/project.ts";
import { TestServer } from "../support/server.ts";

/** Whatever stands around it and however it is written, this is looked for. */
const TOKEN = "Xq7Vz9KwT0K";
const PASSWORD = `p:${TOKEN}@/?#%'é\\`;
/** Each character percent-encoded, so that the token is nowhere in the text. */
const ENCODED = [...new TextEncoder().encode(PASSWORD)]
  .map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");

/** What is run of each command; those of REGISTRY that are missing here fail a test. */
const CALLS: readonly (readonly [string, ...string[]])[] = [
  ["up", "--dry-run"],
  ["up"],
  ["up", "--sql", "current:head"],
  ["down", "-1"],
  ["redo"],
  ["goto", "head", "--yes"],
  ["stamp", "head"],
  ["status"],
  ["check"],
  ["history"],
  ["graph"],
  ["current"],
  ["heads"],
  ["branches"],
  ["show", idAt(0)],
  ["config"],
  ["dump"],
  ["baseline"],
  ["restore"],
  ["schema"],
  ["verify", "--all"],
  ["diff", "base", "head"],
  ["drift"],
  ["blame", "users"],
  ["draft-down", "zzzz"],
  ["unlock"],
  ["accept", idAt(0), "--yes"],
  ["rebase", idAt(1), "--onto", idAt(0)],
  ["merge"],
  ["new", "one more"],
  ["edit", idAt(0)],
  ["completion", "bash"],
  ["init"],
];

/** What works in a database of its own, and takes seconds there: it is called once with a password that works. */
const IN_SHADOW = ["schema", "verify", "diff", "blame"];

const conninfo = PASSWORD.replace(/[\\']/g, "\\$&");

/** URLs by which a server lets mig in, with the password in each place where it can stand. */
const working = (port: number, at = `127.0.0.1:${port}/app`): Readonly<Record<string, string>> => ({
  "the user's part": `postgres://app:${encodeURIComponent(PASSWORD)}@${at}`,
  "the user's part, each character encoded": `postgres://app:${ENCODED}@${at}`,
  "the query": `postgres://app@${at}?password=${ENCODED}`,
  "the query, twice": `postgres://app:${TOKEN}@${at}?password=${ENCODED}`,
  "a URL of several hosts": `postgres://app:${ENCODED}@127.0.0.1:1,${at}`,
  "keywords": `host=127.0.0.1 port=${port} dbname=app user=app password='${conninfo}'`,
});

/** URLs that do not work, for as many reasons as there are. */
const failing = (port: number, at = `127.0.0.1:${port}/app`): Readonly<Record<string, string>> => ({
  "a wrong password": `postgres://app:${TOKEN}@${at}`,
  "a wrong password of a key": `postgres://app:${ENCODED}@${at}?sslpassword=${TOKEN}&password=${TOKEN}x`,
  "a database that is not there": `postgres://app:${ENCODED}@127.0.0.1:${port}/none`,
  "nothing that listens": `postgres://app:${TOKEN}@127.0.0.1:1/app`,
  "several hosts, none of which listens": `postgres://app:${TOKEN}@127.0.0.1:1,127.0.0.1:2/app`,
  "TLS where there is none": `postgres://app:${ENCODED}@${at}?sslmode=require`,
  "a bad port": `postgres://app:${TOKEN}@127.0.0.1:54x2/app`,
  "a bad scheme": `postgress://app:${TOKEN}@${at}`,
  "no scheme": `app:${TOKEN}@${at}`,
  "a bad parameter": `postgres://app:${TOKEN}@${at}?pasword=${TOKEN}`,
  "a bad value": `postgres://app:${TOKEN}@${at}?sslmode=nonsense`,
  "a password with an ampersand": `postgres://app@${at}?password=a&${TOKEN}`,
  "a password with an ampersand and more": `postgres://app@${at}?password=a&${TOKEN}=b&sslmode=disable`,
  "a password of keywords with a blank": `host=127.0.0.1 user=app password=a ${TOKEN}`,
  "a bad encoding": `postgres://app:%zz${TOKEN}@${at}`,
  "a password that is not encoded": `postgres://app:a/b${TOKEN}?c#d@${at}`,
  "a lost question mark": `postgres://app@${at}&password=${TOKEN}`,
  "keywords with a lost quote": `host=127.0.0.1 user=app password='${TOKEN}`,
  "keywords with a lost equals sign": `host=127.0.0.1 user=app password ${TOKEN}`,
  "white space": `postgres://app:${TOKEN} x@${at}`,
  "another database's URL": `mysql://app:${TOKEN}@${at}`,
  "JDBC's": `jdbc:postgresql://${at}?user=app&password=${TOKEN}`,
  "a variable that is not filled in": `postgres://app:\${${TOKEN}}@${at}`,
});

async function makeProject(): Promise<TestProject> {
  return await project([
    { message: "users", up: "create table if not exists users (id int);", down: "drop table users;" },
    { message: "phone", up: "alter table users add phone text;", down: "alter table users drop phone;" },
  ]);
}

function assertHidden(call: string, texts: readonly string[]): void {
  for (const text of texts) {
    const plain = text.toLowerCase();
    for (const form of [TOKEN, ENCODED, encodeURIComponent(PASSWORD), btoa(TOKEN)]) {
      assert(!plain.includes(form.toLowerCase()), `${call} shows the password:\n${text}`);
    }
  }
}

async function run(
  args: readonly string[],
  files: TestProject,
  env: Readonly<Record<string, string>>,
): Promise<RunResult> {
  const result = await mig(args, { cwd: files.folder, env: { EDITOR: "true", ...env } });
  // What is typed after --database is in the process's own title, as with psql; what mig prints never has it.
  assertHidden(`mig ${args[0]} with ${JSON.stringify(env)}`, [result.stdout, result.stderr]);
  assert(!result.stderr.includes("mig has a fault"), result.stderr);
  return result;
}

Deno.test("each command of the registry is called here", () => {
  const called = new Set(CALLS.map(([name]) => name));
  assertEquals(REGISTRY.map(({ name }) => name).filter((name) => !called.has(name)), []);
});

Deno.test("no password shows", async (test) => {
  await using server = await TestServer.start({
    hba: [
      "local all postgres trust",
      "host all postgres 127.0.0.1/32 trust",
      "host all app 127.0.0.1/32 scram-sha-256",
    ],
  });
  const { default: postgres } = await import("postgres");
  const admin = postgres(server.url(), { max: 1 });
  await admin.unsafe(`create role app login password '${PASSWORD.replaceAll("'", "''")}'`);
  await admin.unsafe("create database app owner app");
  await admin.end();
  const { port } = server;
  const at = `127.0.0.1:${port}/app`;
  const urls = working(port), broken = failing(port);

  for (const place of ["the user's part, each character encoded", "keywords"]) {
    await test.step(`no command shows a password that works, in ${place}`, async () => {
      await using files = await makeProject();
      for (const [n, call] of CALLS.entries()) {
        if (place === "keywords" && IN_SHADOW.includes(call[0])) continue;
        const flags = n % 2 === 0 ? ["--json"] : ["--verbose"];
        const { code, stderr } = await run([...call, ...flags], files, { DATABASE_URL: urls[place]! });
        if (["up", "status", "history"].includes(call[0])) {
          assertEquals(code, 0, `mig ${call.join(" ")}: ${stderr}`);
        }
      }
    });
  }

  for (const why of ["a wrong password", "nothing that listens", "a bad parameter"]) {
    await test.step(`no command shows a password that does not work: ${why}`, async () => {
      await using files = await makeProject();
      for (const [n, call] of CALLS.entries()) {
        if (IN_SHADOW.includes(call[0])) continue;
        const flags = n % 2 === 0 ? ["--json"] : ["--verbose"];
        const env = { DATABASE_URL: broken[why]! };
        const { code } = await run([...call, ...flags], files, env);
        if (["up", "status", "dump"].includes(call[0]) && !call.includes("--sql")) {
          assert(code === 1 || code === 2);
        }
      }
    });
  }

  await test.step("a password in any place of a URL does not show, whether it works or not", async () => {
    await using files = await makeProject();
    for (const [place, url] of Object.entries({ ...urls, ...broken })) {
      const works = place in urls;
      for (const args of [["status", "--verbose"], ["config"], ["config", "--json"], ["up", "--json"]]) {
        const { code, stderr } = await run(args, files, { DATABASE_URL: url });
        if (args[0] !== "config") assertEquals(code === 0, works, `${place}: ${stderr}`);
      }
      await run(["status", "--database", url], files, {});
      const status = await run(["status", "--json", `--database=${url}`], files, {});
      assertEquals(status.code === 0, works, `${place}: ${status.stderr}`);
    }
  });

  await test.step("nor one in mig.json, .env, a password file, a service file, or PGPASSWORD", async () => {
    const works = async (files: TestProject, env: Record<string, string> = {}) => {
      for (
        const args of [["status"], ["config"], ["config", "--json"], ["check", "--json"], ["up", "--verbose"]]
      ) {
        const { code, stderr } = await run(args, files, env);
        assert(code === 0 || (code === 3 && args[0] === "check"), stderr);
      }
    };
    const url = urls["the user's part, each character encoded"]!;
    {
      await using files = await makeProject();
      await files.write(
        "mig.json",
        JSON.stringify({ environments: { live: { database: url } }, database: "${URL}" }),
      );
      await works(files, { URL: url });
      await works(files, { MIG_ENV: "live" });
    }
    {
      await using files = await makeProject();
      await files.write(".env", `DATABASE_URL='${url}'\n`);
      await works(files);
      await files.write(".env", `DATABASE_URL ${url}\nPGPASSWORD: ${TOKEN}\n`);
      await run(["status"], files, {});
    }
    await using files = await makeProject();
    const bare = `postgres://app@${at}`;
    await works(files, { DATABASE_URL: bare, PGPASSWORD: PASSWORD });
    const escaped = PASSWORD.replaceAll("\\", "\\\\").replaceAll(":", "\\:");
    await files.write("pgpass", `127.0.0.1:${port}:*:app:${escaped}\n`);
    await Deno.chmod(`${files.folder}/pgpass`, 0o600);
    await works(files, { DATABASE_URL: bare, PGPASSFILE: `${files.folder}/pgpass` });
    await Deno.chmod(`${files.folder}/pgpass`, 0o644);
    await run(["status"], files, { DATABASE_URL: bare, PGPASSFILE: `${files.folder}/pgpass` });
    const service = `[shop]\nhost=127.0.0.1\nport=${port}\ndbname=app\nuser=app\npassword=${PASSWORD}\n`;
    await files.write("service.conf", service);
    const services = { PGSERVICEFILE: `${files.folder}/service.conf` };
    await works(files, { DATABASE_URL: "postgres://?service=shop", ...services });
    await works(files, { PGSERVICE: "shop", ...services });
    await files.write("service.conf", `${service}pasword=${TOKEN}\npassword ${TOKEN}\n${TOKEN}\n`);
    await run(["status"], files, { DATABASE_URL: "postgres://?service=shop", ...services });
    for (
      const text of [
        `{"database": "${url}", "database2": "${url}"}`,
        `{"databse": "${url}"}`,
        `{"table": "${url}"}`,
        `{"migrations": "${url}"}`,
        `{"repeatable": "${url}", "dump": "${url}"}`,
        `{"database": "${url}`,
        `{"database": ["${url}"]}`,
        `{"environments": {"${url}": 7}}`,
        `{"hooks": {"before_up": {"sql": 7, "url": "${url}"}}}`,
      ]
    ) {
      await files.write("mig.json", text);
      const { code } = await run(["status"], files, {});
      assertEquals(code, 2, text);
      await run(["config", "--json"], files, {});
    }
  });

  await test.step({
    name: "the titles of mig's processes and its sessions have no password",
    ignore: Deno.build.os !== "linux",
    async fn() {
      await using files = await makeProject();
      const look =
        `for p in $$ $PPID; do tr '\\0' ' ' < /proc/$p/cmdline >> ${files.folder}/titles.txt; echo >> ${files.folder}/titles.txt; done`;
      await files.write("bin/look", `#!/bin/sh\n${look}\n`);
      await files.write(
        "bin/pg_dump",
        `#!/bin/sh\n${look}\ncase "$1" in --version) echo 'pg_dump (PostgreSQL) 99.0';; *) echo 'create table t ();';; esac\n`,
      );
      for (const name of ["look", "pg_dump"]) await Deno.chmod(`${files.folder}/bin/${name}`, 0o755);
      await files.write(
        "mig.json",
        JSON.stringify({
          dump: "schema.sql",
          hooks: { before_up: "look", after_up: "look", after_revision: "look" },
        }),
      );
      const spy = "create table seen as select coalesce(query, '') || ' ' || application_name || ' ' || \
coalesce(backend_type, '') as title from pg_stat_activity;";
      await files.add({ message: "spy", up: spy, down: "drop table seen;" }, 2);
      const url = urls["the query"]!;
      const env = { DATABASE_URL: url, PATH: `${files.folder}/bin:${Deno.env.get("PATH")}`, EDITOR: "look" };
      for (const args of [["goto", "base", "--yes"], ["up"], ["dump"], ["edit", idAt(0)]]) {
        const { code, stderr } = await run(args, files, env);
        assertEquals(code, 0, stderr);
      }
      const titles = await Deno.readTextFile(`${files.folder}/titles.txt`);
      assert(titles.split("\n").length > 12, titles);
      assert(titles.includes("pg_dump --"), titles);
      assertHidden("the titles of processes", [titles]);
      const sql = postgres(server.url("app"), { max: 1 });
      const seen = await sql.unsafe("select title from seen") as unknown as { title: string }[];
      await sql.end();
      assert(seen.some(({ title }) => title.includes("mig")), JSON.stringify(seen));
      assertHidden("pg_stat_activity", seen.map(({ title }) => title));
      assertHidden("the schema file", [await Deno.readTextFile(`${files.folder}/schema.sql`)]);
    },
  });
});
