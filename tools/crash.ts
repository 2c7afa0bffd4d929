/**
 * Kills mig, its backend, the server, the line and the disk at random moments of runs of many revisions, and asks the database
 * each time whether a revision is applied and not recorded, recorded and not applied, or applied twice; and whether the next
 * `mig up` ends where an undisturbed run ends.
 *
 *     deno task crash                  200 rounds of all deaths in turn: about ten minutes
 *
 *     --rounds 200                     how many
 *     --revisions 30                   length of the chain
 *     --seed 1                         for the same choices again; the moment is up to the machine too
 *     --only kill-mig,crash            some deaths alone
 *     --verbose                        each round, with what mig told
 *     --disk tmpfs|prlimit             how the disk is made full, where both are possible
 *
 * Ctrl-C ends it after the round. It runs dist/mig. MIG_TEST_POSTGRES=14 to 18 chooses the server's version. It exits with 1 when a promise was broken.
 */

import { parseArgs } from "@std/cli/parse-args";
import { Campaign, type Round } from "./crash/campaign.ts";
import { Chance } from "./crash/chance.ts";
import { DEATHS } from "./crash/death.ts";
import type { DiskKind } from "./crash/small_disk.ts";

if (import.meta.main) Deno.exit(await main(Deno.args));

async function main(args: readonly string[]): Promise<number> {
  const flags = parseArgs([...args], {
    string: ["rounds", "revisions", "seed", "only", "disk"],
    boolean: ["verbose"],
  });
  const seed = Number(flags.seed ?? Math.floor(Math.random() * 1e6));
  const rounds = Number(flags.rounds ?? 200);
  const only: readonly string[] = flags.only?.split(",") ?? Object.keys(DEATHS);
  const unknown = only.find((name) => DEATHS[name] === undefined);
  if (unknown !== undefined || !(rounds > 0)) {
    throw new Error(`--only ${unknown}: there are ${Object.keys(DEATHS).join(", ")}`);
  }
  const disks = flags.disk === undefined ? undefined : [flags.disk as DiskKind];
  await using campaign = await Campaign.prepare(Number(flags.revisions ?? 30), disks);
  console.log(
    `seed ${seed}, ${campaign.chain.length} revisions, PostgreSQL ${campaign.server.major}; undisturbed: up ` +
      `${Math.round(campaign.reference.ms.up)} ms, down ${Math.round(campaign.reference.ms.down)} ms`,
  );
  console.log(
    campaign.disk === null
      ? "no full disk: this machine lets us neither mount a tmpfs nor set a limit by prlimit"
      : `the disk is made full by ${campaign.disk.kind}`,
  );
  let stopped = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => stopped = true);
  const deaths = only.filter((name) => campaign.deaths.includes(name));
  const done: Round[] = [];
  for (let n = 0; n < rounds && !stopped; n++) {
    const round = await campaign.round(deaths[n % deaths.length]!, new Chance(seed * 100_003 + n));
    done.push(round);
    if (round.faults.length > 0 || flags.verbose) console.log(`round ${n + 1}: ${describe(round)}`);
    if (flags.verbose) console.log(`  | ${round.told.trimEnd().replaceAll("\n", "\n  | ")}`);
  }
  console.log(table(deaths, done));
  return done.some(({ faults }) => faults.length > 0) ? 1 : 0;
}

function describe({ death, direction, ending, code, appliedThen, faults }: Round): string {
  const head = `${death} in mig ${direction}, ${ending}${
    code === null ? "" : ` (${code})`
  }, ${appliedThen} rows`;
  return [head, ...faults.map((fault) => `  ${fault.replaceAll("\n", "\n  ")}`)].join("\n");
}

function table(deaths: readonly string[], rounds: readonly Round[]): string {
  const columns = ["rounds", "killed", "stopped", "went on", "late", "next at once", "broken"];
  const line = (name: string, some: readonly Round[]) => {
    const count = (holds: (round: Round) => boolean) => some.filter(holds).length;
    const counts = [
      some.length,
      ...(["killed", "stopped", "went on", "late"] as const).map((ending) =>
        count((r) => r.ending === ending)
      ),
      count(({ atOnce }) => atOnce),
      count(({ faults }) => faults.length > 0),
    ];
    return name.padEnd(26) + counts.map((n, i) => String(n).padStart(columns[i]!.length + 2)).join("");
  };
  return [
    "",
    "".padEnd(26) + columns.map((name) => `  ${name}`).join(""),
    ...deaths.map((name) => line(DEATHS[name]!.name, rounds.filter(({ death }) => death === name))),
    line("all", rounds),
  ].join("\n");
}
