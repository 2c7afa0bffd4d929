/** Makes a `Database` of what the settings or the caller named. Loads the implementation only when it is used. */

import process from "node:process";
import { CancellableSession } from "../engine/cancel.ts";
import type { Database } from "../engine/database.ts";
import type { OnEvent } from "../engine/event.ts";
import type { ConnectionParameters } from "../postgres/parameters.ts";

/** Which database is meant. */
export type DatabaseChoice =
  | { readonly kind: "server"; readonly parameters: ConnectionParameters }
  /** The embedded database; the folder as the user would type it, null for one in memory. */
  | { readonly kind: "embedded"; readonly path: string | null };

/** What opening it may need to tell, and where it may look. */
export interface OpenDatabaseOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly lockWaitMs: number;
  /** The role to work as; undefined for that of the login. */
  readonly role?: string;
  readonly onEvent: OnEvent;
  /** Aborting it cancels whatever runs on the server. */
  readonly signal: AbortSignal;
  /** Gets a sentence about what is odd and does not stop mig. */
  readonly warn: (message: string) => void;
}

/** The database; it connects to nothing yet. */
export async function openDatabase(
  choice: DatabaseChoice,
  options: OpenDatabaseOptions,
): Promise<OpenDatabase> {
  const database = await implementationOf(choice, options);
  const { description } = database;
  return {
    ...database,
    async connect(connectOptions) {
      const started = performance.now();
      const session = await database.connect(connectOptions);
      const ms = performance.now() - started;
      options.onEvent({ type: "connected", database: description, server: session.server, ms });
      return new CancellableSession(session, options.signal);
    },
  };
}

async function implementationOf(choice: DatabaseChoice, options: OpenDatabaseOptions): Promise<OpenDatabase> {
  if (choice.kind === "server") {
    // The driver takes longer to load than most verbs take to run, and not all of them need it.
    const { openPostgres } = await import("../postgres/database.ts");
    return openPostgres({ ...choice.parameters, role: options.role }, options.warn);
  }
  const [{ openEmbedded }, { userCacheDir }, { connectOverSocket }] = await Promise.all([
    import("../embedded/database.ts"),
    import("../embedded/cache.ts"),
    import("../postgres/session.ts"),
  ]);
  return openEmbedded({
    dataDir: choice.path,
    role: options.role,
    connectSession: connectOverSocket,
    waitMs: options.lockWaitMs,
    onWait: (wait) => options.onEvent({ type: "lock-waiting", ...wait }),
    cacheDir: userCacheDir(process.platform, options.env),
  });
}

/** A database; one in memory has to be closed. */
export type OpenDatabase = Database & { close?(): Promise<void> };
