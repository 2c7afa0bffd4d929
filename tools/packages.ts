/**
 * Gets the packages ready: every task depends on this one.
 *
 * - Where JSR can be reached, the packages of @std come from there. Where it cannot, the stand-ins under tools/offline are
 *   copied to .offline/, which deno.json links: a glob that matches nothing is ignored, one that matches is used.
 * - Deno's lockfile is another one with links and without, and is rewritten whenever the two do not fit. So what is kept in
 *   the repository, deno.lock, pins the npm packages alone, with their integrity; the lockfile that Deno works with is seeded
 *   from it and lives in .deno/.
 *
 * MIG_OFFLINE=1 always takes the stand-ins, MIG_OFFLINE=0 always JSR. JSR_URL names another registry, as it does for Deno.
 *
 * It imports nothing, since there is nothing yet that it could import.
 */

/** Where the packages of @std come from. */
export type Source = "jsr" | "stand-ins";

const STATE = ".deno/packages.json";
const LOCK = ".deno/deno.lock";
/** How long an answer of JSR, or none, is believed. */
const ASK_AGAIN_MS = 24 * 60 * 60 * 1000;
const PATIENCE_MS = 2500;

interface State {
  readonly source: Source;
  /** Milliseconds since 1970. */
  readonly asked: number;
  /** What was asked, and the files that say which packages: with other ones, all begins anew. */
  readonly registry: string;
  readonly pins: string;
}

if (import.meta.main) await preparePackages();

/** Makes the packages ready for the project in the current folder, and says which they are. */
export async function preparePackages(): Promise<Source> {
  const registry = Deno.env.get("JSR_URL") || "https://jsr.io/";
  const lock = Deno.readTextFileSync("deno.lock");
  const pins = Deno.readTextFileSync("deno.json") + lock;
  const last = readState();
  const before = last?.registry === registry && last.pins === pins ? last : null;
  const answer = before !== null && Date.now() - before.asked < ASK_AGAIN_MS ? before : null;
  const source = wantedSource() ?? answer?.source ?? await askRegistry(registry);
  if (source === "stand-ins") copyFolder("tools/offline", ".offline");
  else removeFolder(".offline");
  if (source !== before?.source || !isFile(LOCK)) write(LOCK, lock);
  if (source !== before?.source || answer === null) {
    write(STATE, JSON.stringify({ source, asked: Date.now(), registry, pins } satisfies State));
  }
  return source;
}

function wantedSource(): Source | null {
  switch (Deno.env.get("MIG_OFFLINE")) {
    case "1":
      return "stand-ins";
    case "0":
      return "jsr";
    default:
      return null;
  }
}

async function askRegistry(registry: string): Promise<Source> {
  // A registry in a folder is there, or its user wants to hear from Deno that it is not.
  if (!/^https?:/.test(registry)) return "jsr";
  try {
    const response = await fetch(new URL("@std/cli/meta.json", registry.replace(/\/*$/, "/")), {
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    // A hotel's login page is no answer of JSR.
    const { name } = await response.json() as { readonly name?: unknown };
    return response.ok && name === "cli" ? "jsr" : "stand-ins";
  } catch {
    return "stand-ins";
  }
}

function readState(): State | null {
  try {
    return JSON.parse(Deno.readTextFileSync(STATE)) as State;
  } catch {
    // There is none yet, or it is not whole: it is made anew.
    return null;
  }
}

/** Makes a folder equal to another. A file that is equal already stays as it is, so that Deno need not check it again. */
function copyFolder(from: string, to: string): void {
  Deno.mkdirSync(to, { recursive: true });
  const wanted = [...Deno.readDirSync(from)];
  for (const { name } of Deno.readDirSync(to)) {
    if (!wanted.some((entry) => entry.name === name)) Deno.removeSync(`${to}/${name}`, { recursive: true });
  }
  for (const { name, isDirectory } of wanted) {
    const [source, target] = [`${from}/${name}`, `${to}/${name}`];
    if (isDirectory) copyFolder(source, target);
    else {
      const text = Deno.readTextFileSync(source);
      if (!isFile(target) || Deno.readTextFileSync(target) !== text) write(target, text);
    }
  }
}

/** Writes a file in one step: two tasks may begin at once. */
function write(path: string, text: string): void {
  Deno.mkdirSync(path.replace(/[^/]*$/, ""), { recursive: true });
  Deno.mkdirSync(".deno", { recursive: true });
  const work = `.deno/${crypto.randomUUID()}`;
  Deno.writeTextFileSync(work, text);
  Deno.renameSync(work, path);
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
