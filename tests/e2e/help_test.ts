/** What `--help` prints, as golden files. */

import { assertEquals } from "@std/assert";
import { REGISTRY } from "../../src/commands/registry.ts";
import { assertGolden } from "../support/golden.ts";
import { mig, ROOT } from "../support/mig.ts";

Deno.test("mig --help, mig help and mig alone print the overview", async () => {
  const { stdout, stderr, code } = await mig(["--help"], { cwd: ROOT });
  assertEquals([code, stderr], [0, ""]);
  await assertGolden("help/overview.txt", stdout);
  for (const args of [["help"], ["-h"], []]) assertEquals((await mig(args, { cwd: ROOT })).stdout, stdout);
});

Deno.test("mig --help lists every command", async () => {
  const { stdout } = await mig(["--help"], { cwd: ROOT });
  for (const { name } of REGISTRY) assertEquals(stdout.includes(`\n  ${name} `), true, name);
});

for (const { name, aliases } of REGISTRY) {
  Deno.test(`mig ${name} --help prints what it does, its flags and examples`, async () => {
    const { stdout, stderr, code } = await mig([name, "--help"], { cwd: ROOT });
    assertEquals([code, stderr], [0, ""]);
    assertEquals(stdout.split("\n").filter((line) => line.length > 120), []);
    await assertGolden(`help/${name}.txt`, stdout);
    for (const alias of aliases) {
      assertEquals((await mig([alias, "--help"], { cwd: ROOT })).stdout, stdout, alias);
    }
  });
}
