import { assertEquals } from "@std/assert";
import { Ajv } from "npm:ajv@8.17.1";
import { checkConfig } from "../../../src/cli/config/rules.ts";

const schema = JSON.parse(await Deno.readTextFile(new URL("../../../docs/mig.schema.json", import.meta.url)));
const validate = new Ajv({ strict: true, allErrors: true }).compile(schema);

const VALID: unknown[] = [
  {},
  { $schema: "https://example.org/mig.schema.json" },
  { database: "postgres://h/d", migrations: "db", table: "mig_version" },
  { database: "${DATABASE_URL}", table: "${SCHEMA}.t", lock_wait: "${WAIT}" },
  { table: "schema.Table-Name" },
  { lock_timeout: "0", statement_timeout: " 1.5h ", lock_wait: "250 ms" },
  { lock_retries: 0, reconnect: "0" },
  { lock_retries: "12", environments: { live: { lock_retries: "${RETRIES}" } } },
  { migrations: ["migrations", "plugins/billing"], templates: "sql/templates" },
  { folder_name: "{{ date }}_{{id}}-{{slug}}.v1" },
  { folder_name: "${PATTERN}" },
  ...[...schema.definitions.folder_name.examples, schema.definitions.folder_name.default]
    .map((folder_name: string) => ({ folder_name })),
  ...schema.definitions.migrations.examples.map((migrations: unknown) => ({ migrations })),
  { environments: {} },
  { hooks: {} },
  ...schema.definitions.hooks.examples.map((hooks: unknown) => ({ hooks })),
  { hooks: { before_down: [], after_down: ["${NOT_FILLED_IN}", { sql: "a.sql" }], after_edit: ["a", "b"] } },
  { environments: { live: { hooks: { before_up: { sql: "a.sql" } } } } },
  { environments: { "live eu": { database: "pglite::memory:", lock_wait: "2min" }, dev: {} } },
  { environments: schema.properties.environments.examples[0] },
  ...schema.definitions.database.examples.map((database: string) => ({ database })),
  ...schema.definitions.table.examples.map((table: string) => ({ table })),
  ...schema.definitions.role.examples.map((role: string) => ({ role })),
  { role: "App Owner", environments: { live: { role: "${ROLE}" } } },
  ...schema.definitions.duration.examples.map((lock_wait: string) => ({ lock_wait })),
  { lock_wait: schema.definitions.lock_wait.default, table: schema.definitions.table.default },
];

const INVALID: unknown[] = [
  [],
  null,
  "postgres://h/d",
  { databse: "x" },
  { database: "" },
  { database: "  " },
  { database: null },
  { migrations: [] },
  { migrations: ["a", 7] },
  { migrations: ["a", ""] },
  { migrations: ["a", "postgres://h/d"] },
  { migrations: {} },
  { templates: " " },
  { templates: ["a"] },
  { folder_name: "" },
  { folder_name: "{{slug}}" },
  { folder_name: "{{id}}/{{slug}}" },
  { folder_name: "{{id}} {{slug}}" },
  { folder_name: "{{id}}_{{message}}" },
  { folder_name: "_{{id}}" },
  { folder_name: "{{id}}." },
  { folder_name: "\\{{id}}" },
  { migrations: "postgres://h/d" },
  { role: "" },
  { role: "  " },
  { role: "postgres://h/d" },
  { role: ["a"] },
  { table: "postgres://h/d" },
  { table: "a.b.c" },
  { table: "a b" },
  { table: ".t" },
  { table: '"t"' },
  { table: "x".repeat(64) },
  { lock_retries: -1 },
  { lock_retries: 1.5 },
  { lock_retries: 1000 },
  { lock_retries: "often" },
  { lock_retries: true },
  { reconnect: 5 },
  { lock_wait: 5 },
  { lock_wait: "5" },
  { lock_wait: "-5s" },
  { lock_timeout: "5 minutes" },
  { hooks: [] },
  { hooks: "echo" },
  { hooks: { before_upp: "echo" } },
  { hooks: { before_up: " " } },
  { hooks: { before_up: null } },
  { hooks: { before_up: ["echo", 7] } },
  { hooks: { before_up: [["echo"]] } },
  { hooks: { before_up: {} } },
  { hooks: { before_up: { sql: "" } } },
  { hooks: { before_up: { sql: 7 } } },
  { hooks: { before_up: { sql: "a.sql", command: "echo" } } },
  { hooks: { after_new: { sql: "a.sql" } } },
  { hooks: { after_revision: ["echo", { sql: "a.sql" }] } },
  { environments: { live: { hooks: { after_edit: { sql: "a.sql" } } } } },
  { environments: [] },
  { environments: { live: "postgres://h/d" } },
  { environments: { "": {} } },
  { environments: { live: { environments: {} } } },
  { environments: { live: { $schema: "x" } } },
];

Deno.test("docs/mig.schema.json accepts what mig accepts", () => {
  for (const value of VALID) {
    assertEquals([validate(value), checkConfig(value)], [true, []], JSON.stringify(value));
  }
});

Deno.test("docs/mig.schema.json refuses what mig refuses", () => {
  for (const value of INVALID) {
    assertEquals([validate(value), checkConfig(value).length > 0], [false, true], JSON.stringify(value));
  }
});

Deno.test("docs/mig.schema.json describes every setting", () => {
  for (const name of Object.keys(schema.definitions)) {
    assertEquals(typeof schema.definitions[name].description, "string", name);
  }
});
