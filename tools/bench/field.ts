/** Who takes part. */

import { type Contestant, onPath } from "./contestant.ts";
import { dbmate } from "./dbmate.ts";
import { graphileMigrate } from "./graphile_migrate.ts";
import { mig } from "./mig.ts";
import { nodePgMigrate } from "./node_pg_migrate.ts";
import { installPeers } from "./peers.ts";
import { psqlFloors } from "./psql.ts";

/** mig, the floors and the peers that this machine can run; with names, only those and mig. */
export async function gather(names: readonly string[] = []): Promise<Contestant[]> {
  const all = [await mig(), ...await psqlFloors(), ...await npmPeers()];
  if (names.length === 0) return all;
  return all.filter(({ name, kind }) => kind === "mig" || names.some((part) => name.includes(part)));
}

async function npmPeers(): Promise<Contestant[]> {
  const modules = await installPeers();
  const node = await onPath("node");
  const peers = [await dbmate(modules)];
  if (node === null) {
    console.error("there is no node on the PATH: node-pg-migrate and graphile-migrate are left out");
  } else peers.push(nodePgMigrate(modules, node), graphileMigrate(modules, node));
  return peers;
}
