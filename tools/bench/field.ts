/** Who takes part. */

import { alembic } from "./alembic.ts";
import { type Contestant, onPath } from "./contestant.ts";
import { dbmate } from "./dbmate.ts";
import { goose } from "./goose.ts";
import { graphileMigrate } from "./graphile_migrate.ts";
import { mig } from "./mig.ts";
import { nodePgMigrate } from "./node_pg_migrate.ts";
import { installPeers } from "./peers.ts";
import { psqlFloors } from "./psql.ts";
import { sqitch } from "./sqitch.ts";

/** mig, the floors and the peers that this machine can run; with names, only those and mig. */
export async function gather(names: readonly string[] = []): Promise<Contestant[]> {
  const all = [await mig(), ...await psqlFloors(), ...await npmPeers(), ...await peersOnPath()];
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

/** Those that npm does not carry take part where somebody has installed them. */
async function peersOnPath(): Promise<Contestant[]> {
  const peers: Contestant[] = [];
  for (const [name, make] of Object.entries({ goose, alembic, sqitch })) {
    const program = await onPath(name);
    if (program !== null) peers.push(await make(program));
  }
  return peers;
}
