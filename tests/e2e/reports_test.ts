/** What each command reports, as golden files: for people, and as JSON. */

import { assertEquals } from "@std/assert";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { assertGolden } from "../support/golden.ts";
import { mig } from "../support/mig.ts";
import { asText, varying } from "../support/report.ts";
import { project, type RevisionLiteral, type TestProject } from "../support/project.ts";

const CHAIN: readonly RevisionLiteral[] = [
  {
    message: "create users",
    up: "create table users (id integer primary key);\ninsert into users values (1);",
    down: "drop table users;",
  },
  {
    message: "phone number",
    up: "alter table users add phone text;",
    down: "alter table users drop phone;",
  },
  { message: "a thought", up: "-- nothing yet\n", down: null },
  {
    message: "drop users",
    up: "do $$ begin raise warning 'users goes'; end $$;\ndrop table users;",
    down: null,
  },
];

/** Commands one after the other on one project, each with what it prints. */
interface Report {
  readonly name: string;
  /** Commands that come before, whose output is not of interest. */
  readonly before?: readonly (readonly string[])[];
  readonly args: readonly string[];
  readonly code?: number;
  readonly change?: (files: TestProject, database: TestDatabase) => Promise<void>;
}

const EDIT = async (files: TestProject) => {
  await files.write(
    "migrations/20260101T0001_0000a002/up.sql",
    "alter table users add phone varchar(20);\n",
  );
};
const INTERRUPTED = "-- mig: no-transaction\nselect 1;\nselect 1/0;\n";

const SCRIPTS = async (files: TestProject) => {
  await files.write("mig.json", JSON.stringify({ repeatable: "repeatable" }));
  await files.write(
    "repeatable/10_functions.sql",
    "create or replace function one() returns int return 1;\n",
  );
  await files.write("repeatable/views/ones.sql", "create or replace view ones as\n  select one();\n");
};

const REPORTS: readonly Report[] = [
  { name: "up", args: ["up"] },
  { name: "up again", before: [["up"]], args: ["up"] },
  { name: "up to one that is applied", before: [["up"]], args: ["up", "0000a002"] },
  { name: "up quiet", args: ["up", "+2", "--quiet"] },
  { name: "up json", args: ["up", "--json"] },
  { name: "up dry run", before: [["up", "+1"]], args: ["up", "--dry-run"] },
  { name: "up sql", args: ["up", "--sql", "+1"] },
  { name: "up sql to a file", args: ["up", "--sql", "--output", "script.sql"] },
  { name: "up sql with nothing to do", before: [["up", "+1"]], args: ["up", "--sql", "current:0000a001"] },
  {
    name: "up sql of several transactions",
    change: (files) =>
      files.write(
        "migrations/20260101T0001_0000a002/up.sql",
        "-- mig: no-transaction\ncreate index concurrently users_id on users (id);\n",
      ),
    args: ["up", "--sql", "0000a001:0000a002"],
  },
  { name: "down sql", args: ["down", "--sql", "0000a002:-1"] },
  { name: "down", before: [["up", "+2"]], args: ["down", "-1"] },
  { name: "down base", before: [["up", "+2"]], args: ["down", "base"] },
  { name: "down from base", args: ["down", "base"] },
  { name: "down to where it is", before: [["up", "+1"]], args: ["down", "0000a001"] },
  { name: "down dry run", before: [["up", "+2"]], args: ["down", "base", "--dry-run"] },
  { name: "stamp", args: ["stamp", "+2"] },
  { name: "stamp dry run", before: [["up", "+2"]], args: ["stamp", "0000a001", "--dry-run"] },
  { name: "stamp base", before: [["up", "+2"]], args: ["stamp", "base"] },
  { name: "stamp again", before: [["stamp", "+2"]], args: ["stamp", "current"] },
  { name: "stamp json", before: [["up", "+1"]], args: ["stamp", "+1", "--json"] },
  {
    name: "stamp past an interrupted revision",
    change: async (files) => {
      await files.write("migrations/20260101T0000_0000a001/up.sql", INTERRUPTED);
    },
    before: [["up"]],
    args: ["stamp", "0000a002"],
  },
  { name: "history of a stamp", before: [["stamp", "+2"]], args: ["history"] },
  {
    name: "baseline",
    change: async (files) => {
      await Deno.remove(files.migrations, { recursive: true });
      await files.write("migrations/README.md", "");
      await files.write("schema.sql", "create table users (id integer);\n");
    },
    args: ["baseline", "--from", "schema.sql"],
  },
  { name: "status before the first run", args: ["status"] },
  { name: "status in the middle", before: [["up", "+2"]], args: ["status"] },
  { name: "status at the head", before: [["up"]], args: ["status"] },
  { name: "status json", before: [["up", "+2"]], args: ["status", "--json"] },
  { name: "status of an edited revision", before: [["up"]], change: EDIT, args: ["status"] },
  {
    name: "status of an interrupted revision",
    change: async (files) => {
      await files.write("migrations/20260101T0000_0000a001/up.sql", INTERRUPTED);
    },
    before: [["up"]],
    args: ["status"],
  },
  {
    name: "status without a revision that is applied",
    before: [["up", "+2"]],
    change: async (files) => {
      for (const folder of ["0001_0000a002", "0002_0000a003", "0003_0000a004"]) {
        await Deno.remove(`${files.migrations}/20260101T${folder}`, { recursive: true });
      }
    },
    args: ["status"],
  },
  { name: "check", before: [["up", "+2"]], args: ["check"], code: 3 },
  { name: "check of an edited revision", before: [["up"]], change: EDIT, args: ["check"], code: 3 },
  { name: "check without a database", args: ["check", "--no-db", "--ignore", "irreversible"] },
  { name: "check json", args: ["check", "--no-db", "--json"], code: 3 },
  { name: "goto", before: [["up", "+2"]], args: ["goto", "0000a001", "--yes"] },
  { name: "goto without a terminal", before: [["up", "+2"]], args: ["goto", "base"], code: 2 },
  { name: "goto dry run", before: [["up", "+2"]], args: ["goto", "0000a001", "-n"] },
  { name: "redo", before: [["up", "+2"]], args: ["redo", "2"] },
  { name: "accept", before: [["up"]], change: EDIT, args: ["accept", "0000a002", "--yes"] },
  { name: "history", before: [["up", "+2"]], args: ["history"] },
  { name: "history json", before: [["up", "+1"]], args: ["history", "--json"] },
  { name: "current", before: [["up", "+2"]], args: ["current"] },
  { name: "current at base", args: ["current"] },
  { name: "heads", args: ["heads"] },
  { name: "show", before: [["up", "+2"]], args: ["show", "0000a002"] },
  { name: "show what ran", before: [["up", "+2"]], change: EDIT, args: ["show", "0000a002", "--applied"] },
  { name: "show json", args: ["show", "0000a003", "--json"] },
  { name: "config", args: ["config"] },
  { name: "up with repeatable scripts", change: SCRIPTS, args: ["up"] },
  { name: "up dry run with repeatable scripts", before: [["up"]], change: SCRIPTS, args: ["up", "-n"] },
  { name: "up with repeatable scripts that wait", change: SCRIPTS, args: ["up", "+1"] },
  { name: "up sql with repeatable scripts", change: SCRIPTS, args: ["up", "--sql", "0000a003:head"] },
  { name: "status with repeatable scripts", before: [["up"]], change: SCRIPTS, args: ["status"] },
  {
    name: "check of repeatable scripts",
    before: [["up"]],
    change: SCRIPTS,
    args: ["check", "--ignore", "irreversible"],
    code: 3,
  },
];

for (const report of REPORTS) {
  Deno.test(`the report of: ${report.name}`, async () => {
    const { name, before = [], args, code = 0, change } = report;
    await using database = await freshDatabase();
    await using files = await project(CHAIN);
    const run = (args: readonly string[]) =>
      mig(args, { cwd: files.folder, env: { DATABASE_URL: database.url } });
    const changesFirst = name.includes("interrupted");
    if (changesFirst) await change?.(files, database);
    for (const command of before) await run(command);
    if (!changesFirst) await change?.(files, database);
    const result = await run(args);
    assertEquals(result.code, code, result.stderr);
    // Columns are as wide as what differs from run to run.
    const text = asText(args, result).replaceAll(/(?<=\S) {2,}/g, "  ");
    await assertGolden(
      `reports/${name.replaceAll(" ", "_")}.txt`,
      text,
      varying(files, database),
    );
  });
}
