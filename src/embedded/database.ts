/** PGlite, PostgreSQL compiled to WebAssembly, as a `Database`: for development, and for databases to throw away. */

import type { Duplex } from "node:stream";
import type { ConnectOptions, Database, Session } from "../engine/database.ts";
import { dumpEmbedded } from "./dump.ts";
import { FolderKeeper, type Keeper, MemoryKeeper } from "./keeper.ts";
import type { FolderWait } from "./lock.ts";
import { becomeRole } from "./role.ts";
import { EmbeddedSession } from "./session.ts";
import { EmbeddedSocket } from "./socket.ts";

/** What the embedded database needs. */
export interface EmbeddedOptions {
  /** The folder as the user would type it; it is made where it is missing. Null for a database in memory. */
  readonly dataDir: string | null;
  /** The role that each session takes on; the only one there is to begin with where it is left out. */
  readonly role?: string;
  /** Starts a session over a socket: `connectOverSocket` of postgres/session.ts. */
  readonly connectSession: ConnectSession;
  /** Milliseconds to wait for another session to end, in whatever process it is; 30,000 by default. */
  readonly waitMs?: number;
  /** Is told again and again while it waits. */
  readonly onWait?: (wait: FolderWait) => void;
  /** Where files for all folders are kept (`userCacheDir()`); without it each new database takes seconds with Deno. */
  readonly cacheDir?: string | null;
}

/** Starts a session over sockets that are ready for the startup message. */
export type ConnectSession = (
  openSocket: () => Promise<Duplex>,
  parameters: SessionParameters,
  options?: ConnectOptions,
) => Promise<Session>;

/** What a session asks of a connection; the embedded database asks for no password and does not read the settings. */
export interface SessionParameters {
  readonly user: string;
  readonly database: string;
  readonly password: () => string;
  readonly settings: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** The embedded database. */
export interface EmbeddedDatabase extends Database {
  readonly kind: "embedded";
  /** Ends a database in memory, which is kept from session to session. One in a folder is closed with each session. */
  close(): Promise<void>;
}

/**
 * The embedded database, of which nothing is loaded before `connect()`.
 *
 * One session at a time: `connect()` waits for the one before to be closed. A statement cannot be interrupted once it runs,
 * and the process does nothing else meanwhile: `cancel()` reaches those that still wait, and lock_timeout and
 * statement_timeout never strike. What is committed survives the end of the process, however sudden; it survives the
 * end of the machine's power only if the system had written it to disk, so it is for development.
 */
export function openEmbedded(options: EmbeddedOptions): EmbeddedDatabase {
  const { dataDir, waitMs = DEFAULT_WAIT_MS, onWait, cacheDir = null } = options;
  const settings = { waitMs, onWait, cacheDir };
  const keeper: Keeper = dataDir === null ? new MemoryKeeper(settings) : new FolderKeeper(dataDir, settings);
  return {
    ...databaseOf(keeper, dataDir === null ? "pglite::memory:" : `pglite:${dataDir}`, options),
    close: () => keeper.close(),
  };
}

/** What a keeper keeps, as a database. */
export function databaseOf(
  keeper: Keeper,
  description: string,
  options: Pick<EmbeddedOptions, "connectSession" | "role">,
): Database & { readonly kind: "embedded" } {
  return {
    description,
    kind: "embedded",
    connect: (connectOptions) => startSession(keeper, options, connectOptions),
    dumpSchema: (dumpOptions) => dumpEmbedded(keeper, dumpOptions),
  };
}

const DEFAULT_WAIT_MS = 30_000;

/** There is one role to begin with, and one database; the session's time limit is for networks. */
const PARAMETERS: SessionParameters = {
  user: "postgres",
  database: "postgres",
  password: () => "",
  settings: {},
  timeoutMs: 0,
};

async function startSession(
  keeper: Keeper,
  { connectSession, role }: Pick<EmbeddedOptions, "connectSession" | "role">,
  options?: ConnectOptions,
): Promise<Session> {
  const instance = await keeper.take();
  const sockets: EmbeddedSocket[] = [];
  const openSocket = () => {
    const socket = new EmbeddedSocket(instance);
    sockets.push(socket);
    return Promise.resolve(socket);
  };
  const end = async () => {
    for (const socket of sockets) {
      socket.destroy();
      await instance.detach(socket);
    }
    await keeper.giveBack(instance);
  };
  try {
    const session = await connectSession(openSocket, PARAMETERS, options);
    // It takes no settings with the startup message.
    if (role !== undefined) await becomeRole(session, role);
    return new EmbeddedSession(session, sockets[0]!, end, role ?? null);
  } catch (error) {
    await end();
    throw error;
  }
}
