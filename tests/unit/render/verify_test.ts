import { assertEquals } from "@std/assert";
import type { VerifyData } from "../../../src/commands/data.ts";
import { renderVerify } from "../../../src/render/verify.ts";
import { styleFor } from "../../../src/render/style.ts";

const PROVEN: VerifyData = {
  kind: "verify",
  shadow: "embedded",
  chosen: "all",
  revisions: [{ id: "3f9a1c2b", message: "phone number", result: "proven", ms: 90 }],
  skipped: 0,
  problems: [],
  remarks: [],
  empty: [],
  ms: 100,
};

Deno.test("renderVerify() says of which tables nothing is proven about rows, where it says what is proven", () => {
  const style = styleFor(false);
  assertEquals(
    renderVerify(PROVEN, style),
    "1 revision proven: up, down and up again; in the embedded shadow, 100 ms",
  );
  assertEquals(
    renderVerify({ ...PROVEN, empty: [{ table: "public.odd", reason: "no such value" }] }, style),
    `not proven with rows: public.odd, into which none could be put: no such value
1 revision proven: up, down and up again, but for what becomes of the rows of 1 table; in the embedded shadow, 100 ms`,
  );
});
