/** What the bench ran on. */

import { cpus } from "node:os";
import type { Machine } from "./results.ts";

/** This machine in the words of its system. */
export function thisMachine(): Machine {
  const { os, arch } = Deno.build;
  const cpu = cpus()[0]?.model.trim() || "unknown processor";
  return { cores: navigator.hardwareConcurrency, cpu, system: `${os} ${arch}` };
}
