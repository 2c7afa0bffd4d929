/**
 * A second process for embedded_test.ts. Opens the embedded database of a folder, and then, by its first argument:
 *
 *     hold    says "open" and keeps the session until its stdin ends
 *     write   inserts numbers from its fourth argument on, and says each once it is committed, until it is killed
 *     once    inserts one number, and ends
 */

import { openEmbedded } from "../../src/embedded/database.ts";
import { connectOverSocket } from "../../src/postgres/session.ts";

const [verb, dataDir, cacheDir, from] = Deno.args as [string, string, string, string];
const say = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));

const database = openEmbedded({ dataDir, cacheDir, connectSession: connectOverSocket, waitMs: 60_000 });
say("start");
await using session = await database.connect();
say("open");
switch (verb) {
  case "hold":
    for await (const _ of Deno.stdin.readable);
    break;
  case "write":
    for (let n = Number(from);; n++) {
      await session.send(`insert into log values (${n})`);
      say(String(n));
      // The driver and we share one thread with the database: let the line out before it is killed.
      await new Promise((resolve) => setTimeout(resolve));
    }
  case "once":
    await session.send(`insert into log values (${from})`);
}
