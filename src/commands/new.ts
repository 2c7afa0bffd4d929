/** `mig new`: makes a revision. */

import type { Chain } from "../engine/chain.ts";
import { MigError } from "../error.ts";
import type { App, NewRevision } from "./app.ts";
import type { Command, Input } from "./command.ts";
import { createdData } from "./created.ts";
import type { CreatedData, DraftedData } from "./data.ts";
import { NO_HOOKS, runAfterNew } from "./file_hooks.ts";
import { AUTO_FLAGS, draftAuto, draftDownOf, type Drafted, refuseMisfits } from "./new_auto.ts";
import { chooseDependencies, chooseParents } from "./parents.ts";

export const newRevision: Command<CreatedData | DraftedData> = {
  spec: {
    name: "new",
    operands: "<message>",
    arity: [0, Infinity],
    about: [
      "Makes a folder for a new revision, with an up.sql, a down.sql and a meta.json which says that it follows the head, \
or what --parent names. The database is not asked, unless a revision is counted from where it is (current, +1).",
      "The two SQL files begin as the templates up.sql and down.sql in migrations/_templates, where these are; a folder in \
there is a template that --template names. With --up alone there is no down.sql, so that the revision is irreversible \
until you write one.",
      "With --auto the SQL is written by comparing: up.sql leads from the head to the schema that schema.sql makes (a file, \
or a folder of them; `schema` in mig.json says where), down.sql leads back, and both have run in a throw-away database, the \
shadow, before they are written: they have to give what pg_dump writes of the other side. Nothing is written where there is \
nothing to do, or where it is not proven. What loses data has a comment that says so, and what no statement can change is \
listed. What may have been renamed is asked about, where there is a terminal; elsewhere --rename or --no-renames says it. \
A file in which an enum gets a value that another statement uses runs without a transaction, since PostgreSQL wants it so.",
    ],
    flags: [
      { name: "message", short: "m", value: "TEXT", summary: "The message, as Alembic takes it" },
      {
        name: "parent",
        alias: "head",
        value: "REV",
        repeatable: true,
        summary: "What it follows, instead of the head; base begins a new branch",
      },
      {
        name: "branch-label",
        value: "NAME",
        repeatable: true,
        summary: "A name for its branch, as in NAME@head",
      },
      {
        name: "depends-on",
        value: "REV",
        repeatable: true,
        summary: "What must be applied before it, on another branch",
      },
      { name: "id", alias: "rev-id", value: "ID", summary: "Its id, instead of a random one" },
      { name: "up", value: "FILE", summary: "Take up.sql from a file; - is standard input" },
      { name: "down", value: "FILE", summary: "Take down.sql from a file; - is standard input" },
      { name: "template", value: "NAME", summary: "The template for the two SQL files" },
      {
        name: "folder",
        alias: "version-path",
        value: "PATH",
        summary: "Which of several migration folders; else the parent's",
      },
      { name: "edit", summary: "Open the two SQL files in $VISUAL or $EDITOR" },
      NO_HOOKS,
      ...AUTO_FLAGS,
    ],
    examples: [
      { command: 'mig new "phone number"', does: "then write the two SQL files, and run mig up" },
      { command: 'mig new "phone number" --edit', does: "the same, and the editor opens" },
      {
        command: 'mig new --auto "phone number"',
        does: "schema.sql was edited: mig writes the two SQL files",
      },
      {
        command: "mig new --auto email --rename users.mail=email",
        does: "and a column has another name in it",
      },
      { command: "mig new invoices --parent base --branch-label billing", does: "begin a branch" },
      { command: "mig new refunds --parent billing@head", does: "go on with it" },
      { command: "pg_dump --schema-only shop | mig new legacy --up -", does: "up.sql is what pg_dump wrote" },
    ],
  },
  missingDatabase: "refuse",
  async run(input, app) {
    const message = (input.values.message ?? input.operands.join(" ")).replaceAll(/\s+/g, " ").trim();
    if (message === "") {
      throw new MigError("usage", "a revision needs a message", {
        hint: 'say what it does: mig new "phone number"',
      });
    }
    refuseInputTwice(input);
    refuseMisfits(input);
    // Before anything is made: without an editor there would be a revision that nobody asked for so.
    const editor = input.switches.has("edit") ? app.openEditor() : null;
    const chain = await app.openChain();
    const parents = await chooseParents(input.lists.parent ?? [], message, chain, app);
    const dependsOn = await chooseDependencies(input.lists["depends-on"] ?? [], chain, app);
    const wanted = { message, parents, dependsOn };
    const given = await givenTexts(input, app);
    const drafted = await draft(wanted, given.up, input, chain, app);
    if (drafted !== null && drafted.texts === null) return draftedData(drafted, null);
    const made = app.createRevision(chain, {
      ...wanted,
      id: input.values.id,
      labels: input.lists["branch-label"],
      template: input.values.template,
      folder: input.values.folder,
      ...drafted?.texts ?? given,
    });
    const written = drafted !== null ? SQL_FILES : [
      ...editor === null ? [] : SQL_FILES,
      ...SQL_FILES.filter((name) => name in input.values),
    ];
    await editor?.edit(made.files.filter((file) => file.endsWith(".sql")), made.id);
    await runAfterNew(made, input, app);
    const { kind, ...created } = createdData(chain, wanted, made, written);
    return drafted === null ? { kind, ...created } : draftedData(drafted, created);
  },
};

async function draft(
  wanted: Pick<NewRevision, "message" | "parents" | "dependsOn">,
  up: string | undefined,
  input: Input,
  chain: Chain,
  app: App,
): Promise<Drafted | null> {
  if (input.switches.has("auto")) return await draftAuto(wanted, input, chain, app);
  if (!input.switches.has("down-auto")) return null;
  const path = input.values.up === "-" ? "standard input" : input.values.up!;
  return await draftDownOf(wanted, { text: up!, path }, chain, app);
}

function draftedData({ from, to, up, down }: Drafted, created: DraftedData["created"]): DraftedData {
  return { kind: "drafted", created, from, to, up, down };
}

const SQL_FILES = ["up", "down"] as const;

/** An editor cannot be used where standard input is a pipe, and a pipe can be read once. */
function refuseInputTwice({ values, switches }: Input): void {
  const piped = SQL_FILES.filter((name) => values[name] === "-");
  if (piped.length > 1) {
    throw new MigError("usage", "standard input cannot be both up.sql and down.sql", {
      hint: "give one of them as a file: --up up.sql --down -",
    });
  }
  if (piped.length > 0 && switches.has("edit")) {
    throw new MigError("usage", "--edit needs a terminal, and standard input is taken", {
      hint: "leave --edit out; `mig edit` opens the files afterwards",
    });
  }
}

async function givenTexts(
  { values: { up, down, template } }: Input,
  app: App,
): Promise<{ readonly up?: string; readonly down?: string | null }> {
  if (up === undefined && down === undefined) return {};
  return {
    up: up === undefined ? undefined : await app.readSql(up),
    // A down.sql that holds nothing would undo nothing, and mig would say that all is undone.
    down: down !== undefined ? await app.readSql(down) : template === undefined ? null : undefined,
  };
}
