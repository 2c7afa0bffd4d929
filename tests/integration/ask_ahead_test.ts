/** What was asked while the chain was read, and what of it counts once the run lock is held. */

import { assert, assertEquals } from "@std/assert";
import { readMark } from "../../src/engine/applied_rows.ts";
import { askAhead, takeAsked } from "../../src/engine/ask_ahead.ts";
import type { Session } from "../../src/engine/database.ts";
import { lockAndRead } from "../../src/engine/lock.ts";
import { openPostgres } from "../../src/postgres/database.ts";
import { systemSurroundings } from "../../src/postgres/surroundings.ts";
import { parseDatabaseUrl } from "../../src/postgres/url.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { mig } from "../support/mig.ts";
import { idAt, project } from "../support/project.ts";

const TABLE = "mig_version";
const CHAIN = [{ up: "select 1;\n", down: "select 1;\n" }, { up: "select 2;\n", down: "select 2;\n" }];

interface Scene {
  readonly database: TestDatabase;
  readonly session: Session;
  readonly run: (...args: string[]) => Promise<void>;
  /** The ids that a run finds under its lock. */
  readonly idsUnderLock: () => Promise<string[]>;
}

async function asked(act: (scene: Scene) => Promise<void>): Promise<void> {
  await using database = await freshDatabase();
  await using files = await project(CHAIN);
  const run = async (...args: string[]) => {
    const { code, stderr } = await mig(args, { cwd: files.folder, env: { DATABASE_URL: database.url } });
    assertEquals(code, 0, stderr);
  };
  await run("up", "+1");
  const server = openPostgres(parseDatabaseUrl(database.url, systemSurroundings({})));
  await using session = await server.connect();
  const options = {
    database: server,
    table: TABLE,
    lockWaitMs: 5000,
    onEvent: () => {},
    signal: new AbortController().signal,
  };
  const idsUnderLock = async () => {
    const { lock, applied } = await lockAndRead(session, options);
    assert(await lock.release());
    return applied.map(({ id }) => id);
  };
  await act({ database, session, run, idsUnderLock });
}

Deno.test("rows that were read ahead count under the lock while nothing else was written", () =>
  asked(async ({ session, idsUnderLock }) => {
    askAhead(session, TABLE);
    assertEquals(await idsUnderLock(), [idAt(0)]);
    assertEquals(takeAsked(session, TABLE), null, "they are used once");
  }));

Deno.test("rows that were written after the question are seen under the lock", () =>
  asked(async ({ session, run, idsUnderLock }) => {
    askAhead(session, TABLE);
    await session.send("select 1");
    await run("up");
    assertEquals(await idsUnderLock(), [idAt(0), idAt(1)]);
    askAhead(session, TABLE);
    await session.send("select 1");
    await run("down", "base");
    assertEquals(await idsUnderLock(), []);
  }));

Deno.test("a row that was only changed has another mark, and an empty table none", () =>
  asked(async ({ session, database, idsUnderLock }) => {
    askAhead(session, TABLE);
    const asked = takeAsked(session, TABLE)!;
    const [table, rows] = [(await asked.table)!, (await asked.rows)!];
    assertEquals(await readMark(session, table), rows.mark);
    await database.query("update mig_version set message = message");
    assert(await readMark(session, table) !== rows.mark);
    await database.query("delete from mig_version");
    assertEquals(await readMark(session, table), null);
    assertEquals(await idsUnderLock(), []);
  }));

Deno.test("what was asked for another table, or of a table that is not there, is asked again", () =>
  asked(async ({ session, database, idsUnderLock }) => {
    askAhead(session, "another");
    assertEquals(await idsUnderLock(), [idAt(0)]);
    await database.query("drop table mig_version");
    askAhead(session, TABLE);
    assertEquals(await idsUnderLock(), []);
  }));
