/** Reads what is piped into mig. */

import { Buffer } from "node:buffer";
import process from "node:process";

/** Everything until the end of standard input. Whoever types it is told how to end it. */
export async function readStandardInput(tell: (line: string) => void): Promise<Uint8Array> {
  if (process.stdin.isTTY) tell("reading SQL from standard input; Ctrl-D ends it");
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
