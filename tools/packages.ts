/**
 * Gets the packages ready: every task depends on this one.
 *
 * - Where JSR can be reached, the packages of @std come from there. Where it cannot, the stand-ins under tools/offline are
 *   copied to .offline/, which deno.json links: a glob that matches nothing is ignored, one that matches is used.
 * - Deno's lockfile is another one with links and without. So what is kept in the repository, deno.lock, pins the npm packages
 *   alone, with their integrity; the lockfile that Deno works with is seeded from it and lives in .deno/. The seed has to tell
 *   of the very dependencies and links that Deno finds in deno.json: where it does not, Deno drops what is pinned, and takes
 *   the integrity of whatever the registry has. And `deno task` gets the npm packages before the first task, which is this
 *   one: on a fresh clone it makes a lockfile of its own, and so that one is compared with what is pinned.
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

/** The registry has other packages than those that deno.lock pins. */
export class OtherPackage extends Error {
  override readonly name = "OtherPackage";
}

if (import.meta.main) {
  try {
    await preparePackages();
  } catch (error) {
    if (!(error instanceof OtherPackage)) throw error;
    console.error(`error: ${error.message}`);
    Deno.exit(1);
  }
}

/**
 * Makes the packages ready for the project in the current folder, and says which they are.
 *
 * @throws {OtherPackage}
 */
export async function preparePackages(): Promise<Source> {
  const registry = Deno.env.get("JSR_URL") || "https://jsr.io/";
  const pins = Deno.readTextFileSync("deno.json") + Deno.readTextFileSync("deno.lock");
  const last = readState();
  const before = last?.registry === registry && last.pins === pins ? last : null;
  const answer = before !== null && Date.now() - before.asked < ASK_AGAIN_MS ? before.source : null;
  const wanted = wantedSource();
  const source = wanted ?? answer ?? await askRegistry(registry);
  if (source === "stand-ins") copyFolder("tools/offline", ".offline");
  else removeFolder(".offline");
  if (source !== before?.source || !isFile(LOCK)) {
    refuseOthers();
    write(LOCK, lockfileFor(source));
  }
  if (source !== before?.source || (wanted === null && answer === null)) {
    // What somebody wanted is no answer of the registry, and is not believed the next time.
    const asked = wanted === null ? Date.now() : 0;
    write(STATE, JSON.stringify({ source, asked, registry, pins } satisfies State));
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

/** Compares what is pinned with the lockfile that Deno has worked with until now. */
function refuseOthers(): void {
  if (!isFile(LOCK)) return;
  const [pinned, used] = ["deno.lock", LOCK].map(npmPackages);
  for (const [name, { integrity }] of Object.entries(pinned!)) {
    const other = used![name]?.integrity ?? integrity;
    if (other === integrity) continue;
    throw new OtherPackage(
      `npm's ${name} is not the one that deno.lock pins\n` +
        `  pinned  ${integrity}\n` +
        `  got     ${other}\n` +
        "hint: if deno.lock is right, do not use that package: remove .deno and run `deno clean`, then find out who serves it\n" +
        "hint: if the package is right, correct deno.lock",
    );
  }
}

function npmPackages(lockfile: string): Readonly<Record<string, { readonly integrity?: string }>> {
  return JSON.parse(Deno.readTextFileSync(lockfile)).npm ?? {};
}

function lockfileFor(source: Source): string {
  const { imports } = JSON.parse(Deno.readTextFileSync("deno.json")) as { imports: Record<string, string> };
  const dependencies = Object.values(imports).sort();
  const links = source === "jsr" ? {} : { links: standIns() };
  const lock = JSON.parse(Deno.readTextFileSync("deno.lock"));
  return JSON.stringify({ ...lock, workspace: { dependencies, ...links } }, null, 2) + "\n";
}

/** The stand-ins as a lockfile lists them; they depend on nothing. */
function standIns(): Record<string, Record<string, never>> {
  const packages = [...Deno.readDirSync("tools/offline")].map(({ name }) => {
    const config = JSON.parse(Deno.readTextFileSync(`tools/offline/${name}/deno.json`));
    return [`jsr:${config.name}@${config.version}`, {}];
  });
  return Object.fromEntries(packages.sort());
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
