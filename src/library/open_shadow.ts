/** Makes the shadow that the settings ask for. Loads what it is made of only when it is used. */

import process from "node:process";
import { join } from "node:path";
import type { OnEvent } from "../engine/event.ts";
import type { Setup } from "../engine/shadow/setup.ts";
import type { ScratchSource, SnapshotStore } from "../engine/shadow/scratch.ts";
import type { ShadowProgress } from "../engine/shadow/progress.ts";
import { Shadow } from "../engine/shadow/shadow.ts";
import type { ConnectionParameters } from "../postgres/parameters.ts";
import type { RevisionTexts } from "../revision/revision.ts";
import { stoppableScratches } from "./stoppable_scratch.ts";

/** What the shadow is to be. */
export interface OpenShadowOptions {
  readonly texts: RevisionTexts;
  /** The version table's name, as configured. */
  readonly table: string;
  /** The server on which a scratch database is made; null for one embedded in memory. */
  readonly server: ConnectionParameters | null;
  readonly setup: Setup | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly warn: (message: string) => void;
  /** Gets the events of the replay. */
  readonly onEvent?: OnEvent;
  readonly onProgress?: (progress: ShadowProgress) => void;
}

/** The shadow; nothing is made before it is used. */
export async function openShadow(options: OpenShadowOptions): Promise<Shadow> {
  const { source, store } = options.server === null
    ? await embedded(options.env)
    : { source: await onServer(options.server, options.warn), store: null };
  return new Shadow({
    ...options,
    variables: options.env,
    source: stoppableScratches(source, options.signal),
    store,
  });
}

async function embedded(
  env: OpenShadowOptions["env"],
): Promise<{ readonly source: ScratchSource; readonly store: SnapshotStore | null }> {
  const [{ embeddedScratches }, { userCacheDir }, { snapshotStore }, { connectOverSocket }] = await Promise
    .all([
      import("../embedded/scratch.ts"),
      import("../embedded/cache.ts"),
      import("../embedded/snapshot_store.ts"),
      import("../postgres/session.ts"),
    ]);
  const cache = userCacheDir(process.platform, env);
  return {
    source: embeddedScratches(connectOverSocket, cache),
    store: cache === null ? null : snapshotStore(join(cache, "shadow")),
  };
}

async function onServer(
  parameters: ConnectionParameters,
  warn: (message: string) => void,
): Promise<ScratchSource> {
  const { serverScratches } = await import("../postgres/scratch.ts");
  return serverScratches(parameters, warn);
}
