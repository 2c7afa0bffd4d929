/** Rounds of dying: mig runs a chain, something dies in the middle, and then the database is asked what is true. */

import { ROOT, type RunResult, startMig } from "../../tests/support/mig.ts";
import { idAt, project, type TestProject } from "../../tests/support/project.ts";
import { Proxy } from "../../tests/support/proxy.ts";
import { TestServer } from "../../tests/support/server.ts";
import { crashChain, type CrashRevision, EFFECTS } from "./chain.ts";
import type { Chance } from "./chance.ts";
import { type Death, DEATHS, pause, type Scene } from "./death.ts";
import { type DiskKind, type SmallDisk, smallDisk } from "./small_disk.ts";
import { faultsOf, pictureOf, readTruth, type Truth, withSql } from "./truth.ts";

/** What came of a round. */
export interface Round {
  readonly death: string;
  readonly direction: "up" | "down";
  /** `late` where the run was over before it was struck. */
  readonly ending: "killed" | "stopped" | "went on" | "late";
  /** The error's code, of one that stopped. */
  readonly code: string | null;
  /** Whether the next mig was started at once, while what the dead one left may still have been running. */
  readonly atOnce: boolean;
  readonly appliedThen: number;
  /** What mig told of it, on standard error. */
  readonly told: string;
  /** What is wrong; none where mig keeps its promises. */
  readonly faults: readonly string[];
}

/** How long a run may take, whatever happens to it. */
const LIMIT_MS = 120_000;

/** The servers, the chain, and what an undisturbed run makes of it. */
export class Campaign implements AsyncDisposable {
  #rounds = 0;

  private constructor(
    readonly chain: readonly CrashRevision[],
    readonly disk: SmallDisk | null,
    readonly files: TestProject,
    readonly server: TestServer,
    readonly diskServer: TestServer | null,
    readonly reference: {
      readonly full: string;
      readonly empty: string;
      readonly ms: Record<"up" | "down", number>;
    },
  ) {}

  /** @param revisions the chain's length */
  static async prepare(revisions: number, disks?: readonly DiskKind[]): Promise<Campaign> {
    const chain = crashChain(revisions);
    const files = await project(chain);
    const disk = await smallDisk(disks);
    // The write-ahead log must find its room before the disk is made full, or every round would end there.
    const settings = { max_wal_size: "64MB", min_wal_size: "32MB", autovacuum: "off" };
    const server = await TestServer.start({ settings });
    const diskServer = disk === null ? null : await TestServer.start({ settings, folder: disk.folder });
    const reference = await undisturbed(server, files);
    return new Campaign(chain, disk, files, server, diskServer, reference);
  }

  /** The deaths that can be died on this machine. */
  get deaths(): string[] {
    return Object.keys(DEATHS).filter((name) => this.diskServer !== null || !DEATHS[name]!.needsDisk);
  }

  /** One round. Where mig breaks a promise, the result says so; it throws only when the campaign itself is broken. */
  async round(name: string, chance: Chance): Promise<Round> {
    const death = DEATHS[name]!;
    const server = death.needsDisk ? this.diskServer! : this.server;
    const database = `crash_${++this.#rounds}`;
    await patiently(() => makeDatabase(server, database));
    try {
      return await this.#play(name, death, server, database, chance);
    } finally {
      const drop = `drop database if exists ${database} with (force)`;
      await patiently(() => withSql(server.url(), (sql) => sql.unsafe(drop)));
    }
  }

  async #play(
    name: string,
    death: Death,
    server: TestServer,
    database: string,
    chance: Chance,
  ): Promise<Round> {
    const direction = chance.is(0.3) ? "down" : "up";
    const args = direction === "up" ? ["up", "--json"] : ["down", "base", "--json"];
    const url = server.url(database);
    if (direction === "down") await this.#run(["up"], url);
    await using proxy = new Proxy(server.port);
    const running = this.#start(args, url.replace(`:${server.port}/`, `:${proxy.port}/`));
    const scene: Scene = { server, database, mig: running.process, proxy, disk: this.disk, chance };

    await pause(chance.between(30, this.reference.ms[direction] * 1.05));
    const late = await Promise.race([running.result.then(() => true), pause(0).then(() => false)]);
    await death.strike(scene);
    const atOnce = death.leaves === "dead" && chance.is(0.6);
    const next = atOnce ? this.#start(args, url) : null;
    const result = await this.#outlive(running, death, scene);
    await answers(server);

    const faults: string[] = [];
    const then = await readTruth(url);
    faults.push(...faultsOf(then, this.chain));
    if (result === null) faults.push("mig did not come to an end");
    else if (death.leaves !== "dead" && next === null) {
      faults.push(...liesOf(result, then, direction, this.chain));
    }

    const last = next === null ? null : await ended(next);
    if (last !== null && last.code !== 0) {
      faults.push(`the next mig, started at once, failed:\n${last.stderr}`);
    }
    faults.push(...await this.#complete(url));
    const said = result === null || death.leaves === "dead" ? null : answerOf(result);
    return {
      death: name,
      direction,
      ending: late
        ? "late"
        : death.leaves === "dead" || said === null
        ? "killed"
        : said.ok
        ? "went on"
        : "stopped",
      code: said?.error?.code ?? null,
      atOnce,
      appliedThen: then.rows.length,
      told: result?.stderr ?? "",
      faults,
    };
  }

  /** Waits for the end of mig, and brings back what it cannot do without: while it still waits for that, or later. */
  async #outlive(
    running: ReturnType<typeof startMig>,
    death: Death,
    scene: Scene,
  ): Promise<RunResult | null> {
    if (death.heal !== undefined) {
      await Promise.race([running.result, pause(scene.chance.between(200, 4000))]);
      await death.heal(scene);
    }
    return await ended(running);
  }

  /** The next mig up has to end where an undisturbed run ends. */
  async #complete(url: string): Promise<string[]> {
    const begun = (await readTruth(url)).rows.find(({ unfinished }) => unfinished === "down");
    // What was begun to be undone has to be undone first, and mig says so.
    if (begun !== undefined) {
      const { code, stderr } = await this.#run(["down", "base"], url);
      if (code !== 0) return [`the next mig down failed:\n${stderr}`];
    }
    const { code, stderr } = await this.#run(["up"], url);
    if (code !== 0) return [`the next mig up failed:\n${stderr}`];
    const truth = await readTruth(url);
    const faults = faultsOf(truth, this.chain);
    if (truth.rows.length !== this.chain.length) faults.push("the next mig up has not applied everything");
    const picture = await pictureOf(url);
    if (picture !== this.reference.full) {
      faults.push(`it ends elsewhere:\n${difference(this.reference.full, picture)}`);
    }
    return faults;
  }

  #start(args: readonly string[], url: string) {
    return startMig(args, { cwd: this.files.folder, env: { DATABASE_URL: url } });
  }

  async #run(args: readonly string[], url: string): Promise<RunResult> {
    return await this.#start(args, url).result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    await this.diskServer?.[Symbol.asyncDispose]();
    await this.disk?.[Symbol.asyncDispose]();
    await this.files[Symbol.asyncDispose]();
  }
}

async function makeDatabase(server: TestServer, name: string): Promise<void> {
  // It may be tried again.
  await withSql(server.url(), (sql) => sql.unsafe(`drop database if exists ${name}`));
  await withSql(server.url(), (sql) => sql.unsafe(`create database ${name}`));
  await withSql(server.url(name), (sql) => sql.unsafe(EFFECTS));
}

async function undisturbed(server: TestServer, files: TestProject) {
  await Deno.stat(`${ROOT}dist/mig`).catch(() => {
    throw new Error("dist/mig is missing: deno task build");
  });
  await makeDatabase(server, "reference");
  const url = server.url("reference");
  const empty = await pictureOf(url);
  const timed = async (...args: string[]) => {
    const started = performance.now();
    const { code, stderr } = await startMig(args, { cwd: files.folder, env: { DATABASE_URL: url } }).result;
    if (code !== 0) throw new Error(`mig ${args.join(" ")} fails undisturbed:\n${stderr}`);
    return performance.now() - started;
  };
  const up = await timed("up");
  const full = await pictureOf(url);
  const down = await timed("down", "base");
  const after = await pictureOf(url);
  if (after !== empty) throw new Error(`mig down base leaves something:\n${difference(empty, after)}`);
  return { full, empty, ms: { up, down } };
}

/** The result; null for one that had to be killed. */
async function ended({ process, result }: ReturnType<typeof startMig>): Promise<RunResult | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<null>((resolve) => timer = setTimeout(() => resolve(null), LIMIT_MS));
  const first = await Promise.race([result, tooLong]);
  clearTimeout(timer);
  if (first === null) process.kill("SIGKILL");
  return first;
}

async function answers(server: TestServer): Promise<void> {
  await patiently(() => withSql(server.url(), (sql) => sql.unsafe("select 1")));
}

/** Does something as soon as the server can: it may notice a moment later that one of its processes was killed. */
async function patiently(act: () => Promise<unknown>): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (true) {
    try {
      return void await act();
    } catch (error) {
      if (performance.now() > deadline) throw new Error("the server does not come back", { cause: error });
      await pause(100);
    }
  }
}

/** SIGINT and SIGTERM, as a process that they have ended says it. */
const SIGNALLED = [130, 143];

interface Answer {
  readonly ok: boolean;
  readonly error?: { readonly code: string; readonly data?: { readonly applied?: readonly string[] } };
}

function answerOf({ stdout }: RunResult): Answer | null {
  try {
    return JSON.parse(stdout) as Answer;
  } catch {
    return null;
  }
}

/** What mig said that is not true. */
function liesOf(
  result: RunResult,
  { rows }: Truth,
  direction: "up" | "down",
  chain: readonly CrashRevision[],
): string[] {
  const said = answerOf(result);
  // A signal that came before mig had begun to listen.
  if (said === null && SIGNALLED.includes(result.code)) return [];
  if (said === null) return [`mig ended with ${result.code} and no answer:\n${result.stderr}`];
  const there = rows.filter(({ unfinished }) => unfinished !== "up").map(({ id }) => id).join(" ");
  if (said.ok) {
    const expected = direction === "up" ? chain.map((_, at) => idAt(at)).join(" ") : "";
    return there === expected ? [] : [`mig says that all is done, and there is: ${there}`];
  }
  const claimed = said.error?.data?.applied?.join(" ");
  if (claimed !== undefined && claimed !== there) {
    return [`mig says that this is applied: ${claimed}\nand there is: ${there}`];
  }
  return [];
}

function difference(expected: string, actual: string): string {
  const [before, after] = [expected.split("\n"), actual.split("\n")];
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ].join("\n");
}
