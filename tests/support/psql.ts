/** psql and pg_dump of this machine, where it has them. */

import { serverUrl, type TestDatabase } from "./database.ts";

/** The version of one of PostgreSQL's client programs, e.g. 15; null where it is not on the PATH. */
export function clientMajor(program: "psql" | "pg_dump"): number | null {
  try {
    const { stdout } = new Deno.Command(program, { args: ["--version"] }).outputSync();
    return Number(/\b(\d+)[.\s\w]/.exec(new TextDecoder().decode(stdout))?.[1] ?? NaN) || null;
  } catch {
    return null;
  }
}

/** Runs a script file. */
export async function psql(
  database: TestDatabase,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  await serverUrl();
  const { code, stdout, stderr } = await new Deno.Command("psql", {
    args: [...args, "-d", database.url],
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH") ?? "", HOME: "/nonexistent", ...env },
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

/** What pg_dump writes of a database, in the plain format. */
export async function pgDump(url: string, args: readonly string[] = []): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command("pg_dump", {
    args: [...args, "-d", url],
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH") ?? "", HOME: "/nonexistent" },
  }).output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}
