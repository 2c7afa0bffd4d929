/** Reads what is piped into mig. */

import { Buffer } from "node:buffer";
import process from "node:process";

/**
 * Everything until the end of standard input. Whoever types it is told how to end it.
 * @param most how many bytes are wanted; what is beyond them is not waited for
 */
export async function readStandardInput(tell: (line: string) => void, most: number): Promise<Uint8Array> {
  if (process.stdin.isTTY) tell("reading SQL from standard input; Ctrl-D ends it");
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Uint8Array);
    length += (chunk as Uint8Array).length;
    if (length >= most) break;
  }
  return Buffer.concat(chunks);
}
