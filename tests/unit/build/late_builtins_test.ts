import { assertEquals } from "@std/assert";
import { withLateBuiltins } from "../../../tools/build/late_builtins.ts";

Deno.test("withLateBuiltins() loads a module at the first use of its default", async () => {
  const code = withLateBuiltins(
    'import crypto from "node:crypto";\nexport const hex = () => crypto.hash("sha256", "", "hex");',
  );
  assertEquals(code.includes("import"), false);
  assertEquals((await evaluated(code)).hex(), EMPTY_HASH);
});

Deno.test("withLateBuiltins() loads a module at the first call of a function, under its own name or another", async () => {
  const code = withLateBuiltins(
    'import { hash, hash as hash2 } from "node:crypto";\nexport const hex = () => hash("sha256", "", "hex") + hash2("sha256", "", "hex");',
  );
  assertEquals(code.includes("import"), false);
  assertEquals((await evaluated(code)).hex(), EMPTY_HASH + EMPTY_HASH);
});

Deno.test("withLateBuiltins() leaves alone what it cannot put off", () => {
  for (
    const code of [
      'import * as tls from "node:tls";',
      'import { TLSSocket } from "node:tls";',
      'import { rootCertificates } from "node:tls";',
      'import fs from "node:fs";',
      'const text = `\n  import crypto from "node:crypto";`;',
    ]
  ) assertEquals(withLateBuiltins(code), code);
});

const EMPTY_HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

async function evaluated(code: string): Promise<{ hex(): string }> {
  return await import(`data:text/javascript,${encodeURIComponent(code)}`);
}
