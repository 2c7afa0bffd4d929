/**
 * Gets the packages ready before anything else runs: `deno task` calls it first.
 *
 * - Where jsr.io can be reached, the packages of @std come from there. Where it cannot, the stand-ins under tools/offline are
 *   copied to .offline/, which deno.json links: a glob that matches nothing is ignored, one that matches is used.
 * - Deno's lockfile is another one with links and without, and is rewritten whenever the two do not fit. So what is kept in
 *   the repository, deno.lock, pins the npm packages alone, with their integrity; the lockfile that Deno works with is seeded
 *   from it and lives in .deno/.
 *
 * MIG_OFFLINE=1 always takes the stand-ins, MIG_OFFLINE=0 always JSR.
 */

/** Where the packages of @std come from. */
type Source = "jsr" | "stand-ins";

const STATE = ".deno/packages.json";
const LOCK = ".deno/deno.lock";
/** How long an answer of jsr.io, or none, is believed. */
const ASK_AGAIN_MS = 24 * 60 * 60 * 1000;
const PATIENCE_MS = 2500;

interface State {
  readonly source: Source;
  /** Milliseconds since 1970. */
  readonly asked: number;
  /** The deno.lock from which the working lockfile was seeded. */
  readonly lock: string;
}

if (import.meta.main) await preparePackages();

/** Makes the packages ready, and says which they are. */
export async function preparePackages(): Promise<Source> {
  const before = readState();
  const lock = Deno.readTextFileSync("deno.lock");
  const source = await chooseSource(before);
  if (source === "stand-ins") copyFolder("tools/offline", ".offline");
  else removeFolder(".offline");
  if (source !== before?.source || lock !== before.lock || !isFile(LOCK)) {
    Deno.mkdirSync(".deno", { recursive: true });
    Deno.writeTextFileSync(LOCK, lock);
  }
  if (source !== before?.source || lock !== before.lock || isOld(before)) {
    Deno.writeTextFileSync(STATE, JSON.stringify({ source, asked: Date.now(), lock } satisfies State));
  }
  return source;
}

async function chooseSource(before: State | null): Promise<Source> {
  const wanted = Deno.env.get("MIG_OFFLINE");
  if (wanted === "1") return "stand-ins";
  if (wanted === "0") return "jsr";
  if (before !== null && !isOld(before)) return before.source;
  const registry = Deno.env.get("JSR_URL") ?? "https://jsr.io";
  try {
    const response = await fetch(new URL("/@std/cli/meta.json", registry), {
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    await response.body?.cancel();
    return response.ok ? "jsr" : "stand-ins";
  } catch {
    return "stand-ins";
  }
}

function isOld(state: State): boolean {
  return Date.now() - state.asked > ASK_AGAIN_MS;
}

function readState(): State | null {
  try {
    return JSON.parse(Deno.readTextFileSync(STATE)) as State;
  } catch {
    // There is none yet, or it is not whole: it is made anew.
    return null;
  }
}

/** Copies what is not there or differs, so that Deno need not check the files again. */
function copyFolder(from: string, to: string): void {
  Deno.mkdirSync(to, { recursive: true });
  for (const { name, isDirectory } of Deno.readDirSync(from)) {
    const [source, target] = [`${from}/${name}`, `${to}/${name}`];
    if (isDirectory) copyFolder(source, target);
    else if (!isFile(target) || Deno.readTextFileSync(source) !== Deno.readTextFileSync(target)) {
      Deno.copyFileSync(source, target);
    }
  }
}

function removeFolder(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
