/** The ways to die in mid-run, each for real. */

import { Proxy } from "../../tests/support/proxy.ts";
import type { TestServer } from "../../tests/support/server.ts";
import type { Chance } from "./chance.ts";
import type { SmallDisk } from "./small_disk.ts";
import { withSql } from "./truth.ts";

/** What is there to be struck. */
export interface Scene {
  readonly server: TestServer;
  /** The database of the round. */
  readonly database: string;
  readonly mig: Deno.ChildProcess;
  readonly proxy: Proxy;
  readonly disk: SmallDisk | null;
  readonly chance: Chance;
}

/** A way to die. */
export interface Death {
  /** What the report calls it. */
  readonly name: string;
  /** What of mig is left: `dead`, `alive` and to find out by itself, or `asked` to stop. */
  readonly leaves: "dead" | "alive" | "asked";
  /** Whether it needs a server on a disk that can be full. */
  readonly needsDisk?: boolean;
  strike(scene: Scene): Promise<void>;
  /** Brings back what mig cannot do without. */
  heal?(scene: Scene): Promise<void>;
}

/** All of them, by the name that `--only` takes. */
export const DEATHS: Readonly<Record<string, Death>> = {
  "kill-mig": {
    name: "kill -9 of mig",
    leaves: "dead",
    strike: ({ mig }) => signal(mig, "SIGKILL"),
  },
  "kill-backend": {
    name: "kill -9 of mig's backend",
    leaves: "alive",
    async strike(scene) {
      for (const pid of await backendsOf(scene)) {
        try {
          Deno.kill(pid, "SIGKILL");
        } catch {
          // It has ended by itself.
        }
      }
    },
  },
  "terminate": {
    name: "pg_terminate_backend",
    leaves: "alive",
    async strike({ server, database }) {
      await withSql(server.url(), (sql) =>
        sql.unsafe(
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and application_name = 'mig'",
          [database],
        ));
    },
  },
  "crash": {
    name: "pg_ctl stop -m immediate",
    leaves: "alive",
    strike: async ({ server, chance }) => await restart(server, "immediate", chance),
  },
  "restart": {
    name: "pg_ctl restart -m fast",
    leaves: "alive",
    strike: async ({ server, chance }) => await restart(server, "fast", chance),
  },
  "cut": {
    name: "the connection is cut",
    leaves: "alive",
    strike({ proxy }) {
      proxy.cut();
      return Promise.resolve();
    },
  },
  "disk": {
    name: "the disk is full",
    leaves: "alive",
    needsDisk: true,
    strike: async ({ disk, server, chance }) => await disk!.fill(server, chance),
    async heal({ disk, server }) {
      await disk!.free(server);
      // One that cannot write its log gives up for good.
      if (!await server.isRunning()) await server.start();
    },
  },
  "sigterm": {
    name: "SIGTERM to mig",
    leaves: "asked",
    strike: ({ mig }) => signal(mig, "SIGTERM"),
  },
  "sigint": {
    name: "SIGINT to mig",
    leaves: "asked",
    strike: ({ mig }) => signal(mig, "SIGINT"),
  },
};

function signal(process: Deno.ChildProcess, name: Deno.Signal): Promise<void> {
  try {
    process.kill(name);
  } catch {
    // It has ended by itself.
  }
  return Promise.resolve();
}

async function backendsOf({ server, database }: Scene): Promise<number[]> {
  return await withSql(server.url(), async (sql) =>
    (await sql.unsafe(
      "select pid from pg_stat_activity where datname = $1 and application_name = 'mig'",
      [database],
    )).map(({ pid }) => Number(pid)));
}

async function restart(server: TestServer, mode: "immediate" | "fast", chance: Chance): Promise<void> {
  await server.stop(mode);
  if (chance.is(0.5)) await pause(chance.between(0, 1500));
  await server.start();
}

/** Waits. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
