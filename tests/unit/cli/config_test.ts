import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { delimiter } from "node:path";
import { chooseDatabase, databaseText } from "../../../src/cli/config/database.ts";
import { describeConfig } from "../../../src/cli/config/describe.ts";
import type { Config } from "../../../src/cli/config/config.ts";
import { originText } from "../../../src/cli/config/setting.ts";
import { caught, rejected, told } from "../postgres/literals.ts";
import { machine, project } from "./project.ts";

/** The database and its origin, in one text. */
function database(config: Config): string {
  const choice = chooseDatabase(config, machine(config.sources.env));
  return `${databaseText(choice)} from ${originText(config.database.origin)}`;
}

const json = (value: unknown) => JSON.stringify(value, null, 2);

Deno.test("loadConfig() gives the defaults where nothing is set", async () => {
  await using dir = await project({});
  const config = await dir.load();
  assertEquals(config.file, null);
  assertEquals(config.folder, dir.folder);
  assertEquals(database(config), "pglite:.mig/pglite from default");
  assertEquals(config.migrations, { value: ["migrations"], origin: { kind: "default" } });
  assertEquals(config.table.value, "mig_version");
  assertEquals([config.lockWait.value, config.lockTimeout.value, config.statementTimeout.value], [
    60_000,
    undefined,
    undefined,
  ]);
  assertEquals(config.warnings, []);
});

Deno.test("loadConfig() finds mig.json in the nearest folder above, and its paths start there", async () => {
  await using dir = await project({
    "mig.json": json({ database: "pglite:data", migrations: "db/revisions" }),
    "a/b/file": "",
  });
  const config = await dir.load({ inside: "a/b" });
  assertEquals(config.file, "../../mig.json");
  assertEquals(config.folder, dir.folder);
  assertEquals(config.migrations.value, ["../../db/revisions"]);
  assertEquals(database(config), "pglite:../../data from ../../mig.json:2");
  assertEquals((await dir.load()).migrations.value, ["db/revisions"]);
});

Deno.test("loadConfig() takes the database from the first place that names it", async () => {
  await using dir = await project({ "mig.json": json({ database: "postgres://file/d" }) });
  const env: Record<string, string> = {
    MIG_DATABASE_URL: "postgres://mig/d",
    DATABASE_URL: "postgres://plain/d",
    PGHOST: "libpq",
    PGUSER: "eve",
  };
  const flags = { database: "postgres://flag/d" };
  assertEquals(database(await dir.load({ env, flags })), "postgres://eve@flag/d from --database");
  assertEquals(database(await dir.load({ env })), "postgres://eve@mig/d from MIG_DATABASE_URL");
  delete env.MIG_DATABASE_URL;
  assertEquals(database(await dir.load({ env })), "postgres://eve@plain/d from DATABASE_URL");
  delete env.DATABASE_URL;
  assertEquals(database(await dir.load({ env })), "postgres://eve@file/d from mig.json:2");
  await using bare = await project({});
  assertEquals(database(await bare.load({ env })), "postgres://eve@libpq/eve from PGHOST and PGUSER");
  assertEquals(database(await bare.load({ env: { PGPASSWORD: "x" } })), "pglite:.mig/pglite from default");
});

Deno.test("loadConfig() takes the other settings from flags, variables, the environment chosen, mig.json", async () => {
  await using dir = await project({
    "mig.json": json({
      table: "base",
      migrations: "base",
      lock_wait: "1s",
      lock_timeout: "2s",
      environments: { production: { table: "live.version", migrations: "live" } },
    }),
  });
  const base = await dir.load();
  assertEquals([base.table.value, base.lockWait.value, base.lockTimeout.value], ["base", 1000, 2000]);
  const live = await dir.load({ flags: { env: "production" } });
  assertEquals([live.table.value, live.migrations.value[0], live.lockWait.value], [
    "live.version",
    "live",
    1000,
  ]);
  assertEquals(originText(live.table.origin), "mig.json:8");
  const chosen = await dir.load({ env: { MIG_ENV: "production", MIG_TABLE: "v", MIG_LOCK_WAIT: "3s" } });
  assertEquals([chosen.table.value, chosen.migrations.value[0], chosen.lockWait.value], ["v", "live", 3000]);
  const flags = {
    table: "f",
    migrations: "m",
    "lock-wait": "0",
    "lock-timeout": "1min",
    "statement-timeout": "1h",
  };
  const all = await dir.load({ env: { MIG_TABLE: "v" }, flags });
  assertEquals(
    [
      all.table.value,
      all.migrations.value[0],
      all.lockWait.value,
      all.lockTimeout.value,
      all.statementTimeout.value,
    ],
    ["f", "m", 0, 60_000, 3_600_000],
  );
});

Deno.test("loadConfig() reads .env beside mig.json, and the real environment wins", async () => {
  await using dir = await project({
    "mig.json": "{}",
    ".env": "\uFEFF# local\nexport MIG_TABLE=from_dotenv\r\nDATABASE_URL='postgres://dot/d'\nPGUSER=bob\n",
    "inside/.env": "MIG_TABLE=not_read",
  });
  const config = await dir.load({ inside: "inside" });
  assertEquals(config.table.value, "from_dotenv");
  assertEquals(originText(config.table.origin), "MIG_TABLE in ../.env:2");
  assertEquals(database(config), "postgres://bob@dot/d from DATABASE_URL in ../.env:3");
  const real = await dir.load({ env: { MIG_TABLE: "real", PGUSER: "eve" } });
  assertEquals(real.table, { value: "real", origin: { kind: "variable", name: "MIG_TABLE" } });
  assertEquals(database(real), "postgres://eve@dot/d from DATABASE_URL in .env:3");
});

Deno.test("loadConfig() reads .env in the working folder when there is no mig.json, and ignores a folder of that name", async () => {
  await using dir = await project({ ".env": "MIG_DATABASE_URL=pglite:x", "python/.env/bin/python": "" });
  assertEquals(database(await dir.load()), "pglite:x from MIG_DATABASE_URL in .env:1");
  assertEquals(database(await dir.load({ inside: "python" })), "pglite:.mig/pglite from default");
});

Deno.test("loadConfig() counts an empty DATABASE_URL as unset, says so, and lets it switch .env off", async () => {
  await using dir = await project({
    "mig.json": json({ database: "pglite:x" }),
    ".env": "DATABASE_URL=postgres://dot/d",
  });
  const config = await dir.load({ env: { DATABASE_URL: "" } });
  assertEquals(database(config), "pglite:x from mig.json:2");
  assertEquals(config.warnings, ["DATABASE_URL is set but empty, and counts as unset"]);
  assertEquals((await dir.load({ env: { DATABASE_URL: "" }, flags: { database: "pglite:y" } })).warnings, []);
  // Where nothing else names a database, an empty one is an error: it must not be said to count as unset.
  await using bare = await project({});
  assertEquals((await bare.load({ env: { DATABASE_URL: "" } })).warnings, []);
});

Deno.test("loadConfig() warns where a variable wins over the database of the environment that was named", async () => {
  await using dir = await project({
    "mig.json": json({
      environments: { live: { database: "postgres://live/d" }, same: { database: "${DATABASE_URL}" } },
    }),
  });
  const env = { DATABASE_URL: "postgres://dev/d" };
  const [warning] = (await dir.load({ env, flags: { env: "live" } })).warnings;
  assertEquals(warning, 'DATABASE_URL wins over the database of environment "live" (mig.json:4)');
  assertEquals((await dir.load({ env, flags: { env: "same" } })).warnings, []);
});

Deno.test("loadConfig() names the environments when it does not know one", async () => {
  await using dir = await project({ "mig.json": json({ environments: { production: {}, staging: {} } }) });
  const near = await rejected(dir.load({ flags: { env: "prodction" } }));
  assertEquals([near.code, near.hints], ["config-invalid", ['did you mean "production"?']]);
  const far = await rejected(dir.load({ env: { MIG_ENV: "constructor" } }));
  assertEquals(far.hints, ["the environments are production, staging"]);
  await using bare = await project({});
  assertStringIncludes((await rejected(bare.load({ flags: { env: "x" } }))).message, "no mig.json");
});

Deno.test("loadConfig() fills in variables, and keeps what is escaped", async () => {
  await using dir = await project({
    "mig.json": json({
      database: "postgres://u:${PASSWORD}@${HOST}/d",
      migrations: "${DIR}/$${x}",
      lock_wait: "${WAIT}",
    }),
    ".env": "HOST=h",
  });
  const config = await dir.load({ env: { PASSWORD: "p%40", DIR: "m", WAIT: "7s" } });
  assertEquals(config.migrations.value, ["m/${x}"]);
  assertEquals(config.lockWait.value, 7000);
  const choice = chooseDatabase(config, machine());
  assert(choice.kind === "server");
  assertEquals(choice.parameters.password?.reveal(), "p@");
});

Deno.test("loadConfig() names the variables that are not set, with their places, all at once", async () => {
  await using dir = await project({
    "mig.json": '{\n  "table": "${A}_${B}",\n  "migrations": "x${C}${d"\n}\n',
  });
  const error = await rejected(dir.load());
  assertEquals(error.errors.length, 4);
  const places = error.locations.map(({ line, column, note }) => `${line}:${column} ${note}`);
  assertEquals(places, [
    "2:13 the environment variable A is not set",
    "2:18 the environment variable B is not set",
    "3:19 the environment variable C is not set",
    '3:23 "${" begins no reference to a variable',
  ]);
});

Deno.test("loadConfig() does not ask for the variables of a database that is not used", async () => {
  await using dir = await project({
    "mig.json": json({ database: "${UNSET}", environments: { live: { database: "${ALSO_UNSET}" } } }),
  });
  const config = await dir.load();
  const error = caught(() => chooseDatabase(config, machine()));
  assertEquals(error.code, "config-invalid");
  assertStringIncludes(error.message, "UNSET is not set");
  assertEquals(error.locations.map(({ path, line, column }) => [path, line, column]), [["mig.json", 2, 16]]);
  assertEquals(database(await dir.load({ flags: { database: "pglite:x" } })), "pglite:x from --database");
  const [described] = describeConfig(config, machine());
  assertEquals([described?.value, described?.problem], [null, "the environment variable UNSET is not set"]);
});

Deno.test("chooseDatabase() says which setting has the URL that is wrong, and where it is written", async () => {
  await using dir = await project({
    "mig.json": '{\n  "database": "postgres://u:TOKEN@h/d?ssl_mode=x"\n}',
    ".env": "# x\nMIG_DATABASE_URL=\n",
  });
  const config = await dir.load();
  const error = caught(() => chooseDatabase(config, machine()));
  assertEquals(error.code, "url-invalid");
  assertEquals(error.message, 'the database URL has an unknown parameter "ssl_mode" (mig.json:2)');
  assertEquals(error.locations, [{ path: "mig.json", line: 2, note: '"database"' }]);
  assert(!told(error).includes("TOKEN"));
});

Deno.test("chooseDatabase() says that a # ends a value of .env that has no quotes", async () => {
  await using dir = await project({ ".env": "DATABASE_URL=postgres://u:TOKEN#x@h/d\n" });
  const config = await dir.load();
  const error = caught(() => chooseDatabase(config, machine()));
  assertStringIncludes(error.hints.join(), "double quotes");
  assert(!told(error).includes("TOKEN"));
});

Deno.test("chooseDatabase() knows the embedded database by its path or in memory", async () => {
  await using dir = await project({});
  const choose = async (url: string) =>
    chooseDatabase(await dir.load({ flags: { database: url } }), machine());
  assertEquals(await choose("pglite:some/where"), { kind: "embedded", path: "some/where" });
  assertEquals(await choose("pglite::memory:"), { kind: "embedded", path: null });
  assertEquals(await choose(`pglite:${dir.folder}`), { kind: "embedded", path: dir.folder });
  const error = await rejected(choose("pglite:"));
  assertEquals(error.code, "url-invalid");
});

Deno.test("describeConfig() gives each setting, its value without a password, and its origin", async () => {
  await using dir = await project({
    "mig.json": json({ lock_timeout: "90s", environments: { live: { table: "v.t" } } }),
  });
  const config = await dir.load({
    env: { DATABASE_URL: "postgres://u:TOKEN@h/d?sslpassword=TOKEN", MIG_ENV: "live" },
    flags: { "lock-wait": "2min" },
  });
  const described = describeConfig(config, machine());
  assertEquals(described.map(({ name, value, origin }) => [name, value, origin]), [
    ["database", "postgres://u@h/d", "DATABASE_URL"],
    ["environment", "live", "MIG_ENV"],
    ["migrations", "migrations", "default"],
    ["templates", "migrations/_templates", "default"],
    ["folder_name", "{{year}}{{month}}{{day}}T{{hour}}{{minute}}_{{id}}_{{slug}}", "default"],
    ["repeatable", null, "default"],
    ["dump", null, "default"],
    ["table", "v.t", "mig.json:5"],
    ["role", null, "default"],
    ["lock_wait", "2min", "--lock-wait"],
    ["reconnect", "1min", "default"],
    ["flush", "run", "default"],
    ["lock_timeout", "90s", "mig.json:2"],
    ["lock_retries", "6", "default"],
    ["statement_timeout", null, "default"],
    ["schema", "schema.sql", "default"],
    ["shadow_url", null, "default"],
    ["shadow_setup", null, "default"],
  ]);
  assert(!JSON.stringify(described).includes("TOKEN"));
  // What is in force although nobody has said it, and what was said.
  for (
    const [flags, expected] of [
      [{}, { name: "lock_timeout", value: "5s", origin: "default, where the server sets none" }],
      [{ "lock-timeout": "0" }, { name: "lock_timeout", value: "0", origin: "--lock-timeout" }],
    ] as const
  ) {
    await using plain = await project({ "mig.json": json({}) });
    const settings = describeConfig(await plain.load({ flags }), machine());
    assertEquals(settings.find(({ name }) => name === "lock_timeout"), expected);
  }
});

Deno.test("loadConfig() takes several folders from mig.json, flags, and a variable that separates them as PATH does", async () => {
  await using dir = await project({
    "mig.json": json({
      migrations: ["migrations", "${PLUGIN}/migrations", "./migrations/"],
      environments: { live: { migrations: ["live", "shared"] } },
    }),
    "a/file": "",
  });
  const env = { PLUGIN: "billing" };
  const config = await dir.load({ env, inside: "a" });
  assertEquals(config.migrations.value, ["../migrations", "../billing/migrations"]);
  assertEquals(config.templates.value, "../migrations/_templates");
  assertEquals(originText(config.migrations.origin), "../mig.json:2");
  assertEquals(describeConfig(config, machine())[2]?.value, "../migrations, ../billing/migrations");
  assertEquals((await dir.load({ env: { MIG_ENV: "live" } })).migrations.value, ["live", "shared"]);
  const fromFlags = await dir.load({ env, flags: { migrations: ["x", "y"] } });
  assertEquals(fromFlags.migrations, { value: ["x", "y"], origin: { kind: "flag", name: "--migrations" } });
  const listed = { MIG_MIGRATIONS: ["p", "q"].join(delimiter) };
  assertEquals((await dir.load({ env: listed })).migrations.value, ["p", "q"]);
});

Deno.test("loadConfig() shows which folder of a list cannot be one", async () => {
  await using dir = await project({
    "mig.json": '{ "migrations": ["a", " ", 7, "postgres://u:TOKEN@h/d"] }',
  });
  const error = await rejected(dir.load());
  assertEquals(error.locations.map(({ column, note }) => `${column} ${note}`), [
    '23 a folder of "migrations" is empty',
    '28 "migrations" has something that is not a string',
    '31 a folder of "migrations" is a URL, and no folder',
  ]);
  assert(!told(error).includes("TOKEN"));
  await using unset = await project({ "mig.json": '{ "migrations": ["a", "${NONE}/b"] }' });
  assertEquals((await rejected(unset.load())).locations[0]?.column, 24);
  await using dirless = await project({});
  const url = await rejected(dirless.load({ env: { MIG_MIGRATIONS: "postgres://h/d" } }));
  assertEquals(url.message, "MIG_MIGRATIONS is a URL, and no folder");
});

Deno.test("loadConfig() points at the placeholder of a folder's name that it does not know", async () => {
  await using dir = await project({ "mig.json": '{\n  "folder_name": "{{id}}_{{slog}}"\n}' });
  const error = await rejected(dir.load());
  assertEquals(error.message, '"folder_name" has the placeholder {{slog}}, which is unknown');
  assertEquals([error.locations[0]?.line, error.locations[0]?.column], [2, 26]);
  const flag = await rejected((await project({})).load({ env: { MIG_FOLDER_NAME: "{{slug}}" } }));
  assertEquals(flag.message, "MIG_FOLDER_NAME has no {{id}}, so two revisions could get the same folder");
});

Deno.test({
  name: "loadConfig() warns of paths that were written on Windows, where they are none",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using dir = await project({
      "mig.json": '{"migrations": ["db\\\\migrations", "more"],\r\n "dump": "db\\\\schema.sql"}\r\n',
    });
    const text =
      'has "db\\PATH", and only Windows separates folders so: write "db/PATH", which holds everywhere';
    assertEquals((await dir.load()).warnings, [
      `mig.json:1 ${text.replaceAll("PATH", "migrations")}`,
      `mig.json:2 ${text.replaceAll("PATH", "schema.sql")}`,
    ]);
    assertEquals((await dir.load({ flags: { migrations: ["x"] } })).warnings, [
      `mig.json:2 ${text.replaceAll("PATH", "schema.sql")}`,
    ]);
  },
});
