/** The corpus of changes itself: that it is read, and how large it is. */

import { assert, assertEquals } from "@std/assert";
import { readChanges } from "../support/changes.ts";

Deno.test("the corpus has the changes that are counted, of all kinds, and few that cannot be expressed", async () => {
  const changes = await readChanges();
  assertEquals(changes.length, 192);
  assertEquals(new Set(changes.map(({ name }) => name.split("/")[0])).size, 31);
  const listed = changes.flatMap(({ name, a, b }) =>
    [a, b].some(({ cannot }) => cannot.length > 0) ? [name] : []
  );
  assertEquals(listed, [
    "composites/attribute_type_in_use",
    "composites/range_in_use",
    "domains/base_type_in_use",
    "domains/collation_in_use",
    "enums/remove_value_in_a_domain",
    "tables/another_parent",
    "tables/inherit",
  ]);
  assert(changes.some(({ a }) => a.renames.length > 0 && a.rows !== ""));
});
