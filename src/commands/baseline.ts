/** `mig baseline`: adopts a database that was there before mig. */

import { MigError } from "../error.ts";
import { appliedIds } from "../engine/decide.ts";
import type { Database, ServerFacts } from "../engine/database.ts";
import { decideStamp, stamp } from "../engine/stamp.ts";
import { readApplied } from "../engine/applied_rows.ts";
import { findVersionTable, type VersionTable } from "../engine/version_table.ts";
import { refuseStandby } from "../engine/standby.ts";
import { withSession } from "../engine/with_session.ts";
import { parseSpec } from "../revision/spec.ts";
import { baselineText, leavesSomething, ownTableIn } from "../sql/baseline.ts";
import { checkScript } from "../sql/classify.ts";
import { parseScript } from "../sql/script.ts";
import { locate } from "../sql/source.ts";
import type { App } from "./app.ts";
import type { Command } from "./command.ts";
import type { BaselineData } from "./data.ts";
import { NO_HOOKS, runAfterNew } from "./file_hooks.ts";
import { LOCK_WAIT } from "./migrate.ts";

export const baseline: Command<BaselineData> = {
  spec: {
    name: "baseline",
    operands: "",
    arity: [0, 0],
    about: [
      "Adopts a database that was there before mig: writes its schema as the first revision, and records that as applied. On an \
empty database `mig up` then makes the same schema. The revision has no down.sql: nobody wants to undo it.",
      "The schema of a server is read by pg_dump, which must be on the PATH and no older than the server; mig carries one for \
the embedded database. With --from, it is taken from a dump that was made elsewhere by `pg_dump --schema-only --no-owner --no-privileges`.",
      "It is refused where there are revisions already, or rows in the version table.",
    ],
    flags: [
      { name: "message", short: "m", value: "TEXT", summary: "The revision's message (baseline)" },
      {
        name: "from",
        value: "FILE",
        summary: "Take the schema from a dump, instead of running pg_dump; - is standard input",
      },
      LOCK_WAIT,
      NO_HOOKS,
    ],
    examples: [
      { command: "mig baseline", does: "adopt the database of the settings" },
      { command: 'mig baseline -m "as of 2026" --from schema.sql', does: "take its schema from a dump" },
    ],
  },
  missingDatabase: "refuse",
  async run(input, app) {
    const { message = "baseline", from } = input.values;
    refuseRevisions((await app.openChain()).graph.size);
    const database = await app.openDatabase();
    const { table, server } = await lookAt(database, app.table);
    const { text, source } = from === undefined
      ? await dump(database, server, table)
      : { text: await app.readSql(from), source: from === "-" ? "standard input" : from };
    const path = from === undefined ? "the dump" : source;
    const up = upSql(text, path, source, table);
    const chain = await app.openChain();
    const created = app.createRevision(chain, { parents: [], message, up, down: null });
    const made = await record(created.id, database, app);
    await runAfterNew(created, input, app);
    const { statements } = parseScript(up, path);
    return {
      kind: "baseline",
      database: database.description,
      id: created.id,
      message,
      path: created.path,
      files: created.files,
      source,
      statements: statements.filter(leavesSomething).length,
      made,
    };
  },
};

function refuseRevisions(size: number): void {
  if (size === 0) return;
  throw new MigError(
    "already-exists",
    `a baseline is the first revision, and there ${size === 1 ? "is one" : `are ${size}`} already`,
    { hint: "if the database has what they make, record that: mig stamp head" },
  );
}

async function lookAt(
  database: Database,
  name: string,
): Promise<{ readonly table: VersionTable; readonly server: ServerFacts }> {
  return await withSession(database, {}, async (session) => {
    await refuseStandby(session, database);
    const table = await findVersionTable(session, name);
    const rows = await readApplied(session, table);
    if (rows.length === 0) return { table, server: session.server };
    const applied = [...appliedIds(rows).keys()];
    throw new MigError(
      "already-exists",
      `${database.description} has been migrated already: ${table.qualified} has ${rows.length} row${
        rows.length === 1 ? "" : "s"
      }`,
      {
        hint: [
          "get the folder of its revisions: `mig status` names them",
          "or forget them all, if nobody has that folder any more: mig stamp base --purge",
        ],
        data: { applied },
      },
    );
  });
}

async function dump(
  database: Database,
  server: ServerFacts,
  { qualified }: VersionTable,
): Promise<{ readonly text: string; readonly source: string }> {
  if (database.dumpSchema === undefined) {
    throw new MigError("program-missing", `pg_dump cannot reach ${database.description}`, {
      hint: "give the schema as a file: mig baseline --from schema.sql",
    });
  }
  const serverMajor = Math.floor(server.versionNumber / 10_000);
  try {
    const { text, program } = await database.dumpSchema({
      serverMajor,
      exclude: [qualified],
      owners: false,
      privileges: false,
    });
    return { text, source: program };
  } catch (error) {
    if (!(error instanceof MigError) || !error.code.startsWith("program-")) throw error;
    const { code, message, data, cause, hints } = error;
    throw new MigError(code, message, { data, cause, hint: [...hints, FROM] });
  }
}

const FROM =
  "or make the dump elsewhere, and name it: pg_dump --schema-only --no-owner --no-privileges > schema.sql; \
mig baseline --from schema.sql";

/** The text of up.sql, which mig can run: whatever it would refuse later is refused now. */
function upSql(text: string, path: string, source: string, table: VersionTable): string {
  const script = parseScript(text, path);
  const own = ownTableIn(script, table);
  if (own !== undefined) {
    throw new MigError("sql-refused", `the dump has mig's version table in it: ${table.qualified}`, {
      locations: [locate(text, own.start, path)],
      hint: `make it again without: pg_dump --schema-only --exclude-table '${table.qualified}' …`,
    });
  }
  if (!script.statements.some(leavesSomething)) {
    throw new MigError("usage", `there is nothing to adopt: what ${source} gave makes nothing`, {
      hint: [
        "is it the right one? `mig config` shows which, and where that is set",
        'to start with an empty database: mig new "create users"',
      ],
    });
  }
  const up = baselineText(script, table, source);
  checkScript(parseScript(up, path), path, "up");
  return up;
}

async function record(id: string, database: Database, app: App): Promise<string | null> {
  const chain = await app.openChain();
  try {
    const decide = decideStamp(chain, [parseSpec(id)], false);
    return (await stamp({ ...app, database, texts: chain.texts }, decide)).made;
  } catch (error) {
    if (!(error instanceof MigError)) throw error;
    throw new MigError(error.code, error.message, {
      locations: error.locations,
      server: error.server,
      data: error.data,
      cause: error.cause,
      hint: [...error.hints, `the revision is written; what is left is to record it: mig stamp ${id}`],
    });
  }
}
