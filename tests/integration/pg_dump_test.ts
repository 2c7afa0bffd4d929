/** What pg_dump writes is a revision: the same database comes of it, row by row. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { TestDatabase } from "../support/database.ts";
import { EVERYTHING } from "../support/everything.ts";
import { project } from "../support/project.ts";
import { mig } from "../support/mig.ts";
import { clientMajor, pgDump } from "../support/psql.ts";
import { TestServer } from "../support/server.ts";
import { TARGETS } from "../support/target.ts";

/** pg_dump reads servers up to its own version, and the tests have 14 to 18. */
const MAJOR = clientMajor("pg_dump") === null ? null : Math.min(clientMajor("pg_dump")!, 18);
const ignore = MAJOR === null || MAJOR < 14;

async function database(server: TestServer, name: string): Promise<TestDatabase> {
  await using admin = new TestDatabase(server.url(), "mig_test_none");
  await admin.query(`create database "${name}"`);
  return new TestDatabase(server.url(name), "mig_test_none");
}

/** A dump without what differs each time. */
const comparable = (dump: string) => dump.replaceAll(/^\\(un)?restrict .*\n/gm, "");

Deno.test({
  name: "a database that pg_dump wrote in any of its ways comes out of mig up as it was",
  ignore,
  async fn(test) {
    await using server = await TestServer.start({ major: MAJOR! });
    await using source = await database(server, "source");
    await source.query(EVERYTHING);
    await source.query(
      "create table documents (x xml); insert into documents values ('<a b=\"c\">&amp;;</a>')",
    );
    const expected = comparable(await pgDump(source.url));
    assert(expected.includes("COPY public.hard"));
    const ways = [
      [[]],
      [["--inserts"]],
      [["--column-inserts", "--rows-per-insert=3"]],
      [["--inserts", "--on-conflict-do-nothing", "--disable-dollar-quoting", "--quote-all-identifiers"]],
      [["--clean", "--if-exists"]],
      [["--schema-only"], ["--data-only", "--disable-triggers"]],
      [["--section=pre-data"], ["--section=data"], ["--section=post-data"]],
    ];
    for (const [at, files] of ways.entries()) {
      const name = files.map((args) => args.join(" ")).join(", then ") || "without options";
      await test.step(name, async () => {
        await using target = await database(server, `target_${at}`);
        const dumps = await Promise.all(files.map((args) => pgDump(source.url, args)));
        await using made = await project(dumps.map((up) => ({ up, down: null })));
        const { code, stderr } = await mig(["up"], { cwd: made.folder, env: { DATABASE_URL: target.url } });
        assertEquals(code, 0, stderr);
        // The schema alone has no large objects, and data alone does not say whose they are.
        const part = name.includes("--data-only") ? ["--data-only"] : [];
        assertEquals(
          comparable(await pgDump(target.url, ["--exclude-table=mig_version", ...part])),
          part.length === 0 ? expected : comparable(await pgDump(source.url, part)),
        );
        const scripted = await mig(["up", "--sql"], { cwd: made.folder });
        assertEquals(scripted.code, 0, scripted.stderr);
      });
    }
    await test.step("--create", async () => {
      await using made = await project([{ up: await pgDump(source.url, ["--create"]) }]);
      const { code, stdout } = await mig(["check", "--no-db"], { cwd: made.folder });
      assertEquals(code, 3);
      assertStringIncludes(stdout, "\\connect is a command of psql");
      assertStringIncludes(stdout, "one run of mig works on one database");
    });
  },
});

/** A dump as another major version writes it: what differs is its head, and how it guards psql. */
function asWrittenBy(major: number, dump: string): string {
  const plain = comparable(dump).replaceAll(/version \d+[\d.]*.*/g, `version ${major}.0`);
  const guarded = plain
    .replace(/(?<=database dump\n--\n)/, "\n\\restrict kQ3mYfWc0ZtD1oVhXr7uEaBsNj5gLpIi\n")
    .replace(
      /(?=\n--\n-- PostgreSQL database dump complete)/,
      "\n\\unrestrict kQ3mYfWc0ZtD1oVhXr7uEaBsNj5gLpIi\n",
    );
  assert(guarded.includes("\\restrict") && guarded.includes("\\unrestrict"));
  if (major < 17) return guarded;
  return guarded
    .replace("SET idle_in_transaction_session_timeout = 0;", "$&\nSET transaction_timeout = 0;")
    .replaceAll("; Type: BLOB;", "; Type: BLOB METADATA;");
}

const ROWS = [
  "(select string_agg(t::text, '|' order by id) from hard t)",
  "(select string_agg(t::text, '|' order by id) from typed t)",
  "(select string_agg(t::text, '|' order by line) from lines t)",
  `(select string_agg(t::text, '|') from "odd ""name"";" t)`,
  "(select string_agg(t::text, '|') from parted t)",
  "(select string_agg(t::text, '|') from app.settings t)",
  "(select count(*) from none)",
  "(select last_value from tickets)",
  "twice(4)",
  "tagged()",
  "obj_description('hard'::regclass)",
  "(select string_agg(encode(data, 'hex'), '|' order by loid) from pg_largeobject)",
];

for (const major of [14, 15, 16, 17, 18]) {
  Deno.test({
    name: `a dump in the form of pg_dump ${major} runs on a server and on the embedded database, row by row`,
    ignore,
    async fn() {
      await using server = await TestServer.start({ major: MAJOR! });
      await using source = await database(server, "source");
      await source.query(EVERYTHING);
      const up = asWrittenBy(major, await pgDump(source.url));
      // As Windows checks it out: the data has its line ends as \\r and \\n.
      for (const text of major === 15 ? [up, up.replaceAll("\n", "\r\n")] : [up]) {
        // The embedded database is PostgreSQL 18; servers before 17 have no transaction_timeout.
        const kinds = major < 17 || MAJOR! >= 17
          ? (["server", "embedded"] as const)
          : (["embedded"] as const);
        for (const kind of kinds) {
          await using target = await TARGETS[kind]([{ up: text, down: null }]);
          const { code, stderr } = await target.run("up");
          assertEquals(code, 0, stderr);
          for (const row of ROWS) {
            assertEquals(
              await target.value(row),
              await source.text(`select (${row})::text`),
              `${kind}: ${row}`,
            );
          }
        }
      }
    },
  });
}
