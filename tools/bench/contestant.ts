/** What takes part in the benchmark, each in its own words. */

import type { Revision } from "./workload.ts";

/** What is timed. */
export type Task = "up" | "status" | "no-op up" | "down";

export const TASKS: readonly Task[] = ["up", "status", "no-op up", "down"];

/** mig itself, what no tool can go below by much, and other tools. */
export type Kind = "mig" | "floor" | "peer";

/** A command line; the database's URL is in its environment. */
export interface CommandLine {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** How often it is run in a row to do the task: a tool that undoes only the last revision is run N times. */
  readonly times?: number;
}

/** A program that takes part. */
export interface Contestant {
  readonly name: string;
  readonly kind: Kind;
  readonly version: string;
  /** Whether a run is one transaction, so that an error in the last revision undoes them all. */
  readonly oneTransaction: boolean;
  /** What prints its version and ends. */
  readonly start: CommandLine | null;
  /** Writes the chain into an empty folder, in which the commands are then run. */
  write(folder: string, chain: readonly Revision[]): Promise<void>;
  /** The command for a task on a database; null where it has none. */
  command(task: Task, database: DatabaseAddress, n: number): CommandLine | null;
}

/** Where a database is. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly name: string;
}

/** Its URL, which says that there is no TLS, since some drivers would ask first. */
export function urlOf({ host, port, name }: DatabaseAddress): string {
  return `postgres://postgres@${host}:${port}/${name}?sslmode=disable`;
}

/** The path of a program on the PATH, or null. */
export async function onPath(program: string): Promise<string | null> {
  for (const folder of (Deno.env.get("PATH") ?? "").split(Deno.build.os === "windows" ? ";" : ":")) {
    const path = `${folder}/${program}${Deno.build.os === "windows" ? ".exe" : ""}`;
    if (await Deno.stat(path).then(({ isFile }) => isFile, () => false)) return path;
  }
  return null;
}

/** What a program prints for its version, without the words around it. */
export async function versionOf(program: string, args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await new Deno.Command(program, { args: [...args], stdin: "null" }).output();
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  return said.match(/\d+\.\d+(\.\d+)?\S*/)?.[0] ?? "unknown";
}
