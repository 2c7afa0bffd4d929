/** The corpus of changes, part 1 of 2: each is planned both ways, and proven or listed as what cannot be expressed. */

import { testChanges } from "../support/changes_part.ts";

Deno.test("every change of the corpus is proven both ways, or listed: part 1", () => testChanges(0, 2));
