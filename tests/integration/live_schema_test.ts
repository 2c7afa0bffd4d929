/** Databases of other versions, rebuilt in the embedded one: what that version writes otherwise is no difference. */

import { assertEquals } from "@std/assert";
import { readChanges } from "../support/changes.ts";
import { rebuildAll } from "../support/rebuilds.ts";
import { TestServer } from "../support/server.ts";

/** Of the corpus: what versions are known to write in their own ways, and some that have a little of everything. */
const SCHEMAS =
  /^(together|grants|domains\/(name_of)?_?not_null|collations\/create|partitions\/column|columns\/(identity|name_of|serial)|constraints\/unique$|views\/create)/;

for (const major of [14, 18]) {
  Deno.test(`a database of PostgreSQL ${major} is rebuilt without phantom differences`, async () => {
    await using server = await TestServer.start({ major });
    const schemas = (await readChanges()).filter(({ name }) => SCHEMAS.test(name))
      .map(({ name, b }) => ({ name, sql: b.sql }));
    const odd: string[] = [];
    for await (const { name, verdict, story } of rebuildAll(server.url(), schemas)) {
      if (verdict === "differs") odd.push(`${name}\n${story}`);
    }
    assertEquals(odd.join("\n\n"), "");
  });
}
