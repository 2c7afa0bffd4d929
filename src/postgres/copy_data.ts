/** Sends the data of a COPY, as fast as the server takes it. */

import type { Wire } from "./wire.ts";

/** How much is sent in one message, in UTF-16 units. */
const CHUNK = 1 << 16;
/** After how many messages the server is heard: one that takes all at once would have no turn to say that it refuses them. */
const HEARD_EVERY = 16;

/**
 * Sends data behind a COPY that was just sent, and ends it.
 *
 * @param pieces cut between characters; they are asked for when there is room for them
 * @param refused aborted when the server wants no more of it: what comes after its error it passes over
 */
export async function sendCopyData(
  wire: Wire,
  pieces: Iterable<string>,
  refused: AbortSignal,
): Promise<void> {
  const over = () => refused.aborted || wire.readyState !== "open";
  // The driver holds a short message back until the next turn of the event loop; the data must come after it.
  await turn();
  await turn();
  let sent = 0;
  for (const piece of pieces) {
    for (let from = 0, to = 0; from < piece.length && !over(); from = to) {
      to = Math.min(from + CHUNK, piece.length);
      // A character of two UTF-16 units must not be cut in half: either half is none.
      if (to < piece.length && isHighSurrogate(piece.charCodeAt(to - 1))) to++;
      await wire.copyData(Buffer.from(piece.slice(from, to)));
      if (++sent % HEARD_EVERY === 0) await turn();
    }
    if (over()) break;
  }
  wire.copyDone();
}

/** Lets the event loop go round once. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}
