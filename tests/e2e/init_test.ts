/** `mig init` inside of a project. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { mig } from "../support/mig.ts";
import { project } from "../support/project.ts";

Deno.test("mig init inside of a project tells where the outer mig.json is", async () => {
  await using files = await project();
  await Deno.mkdir(`${files.folder}/services/billing`, { recursive: true });
  const inner = { cwd: `${files.folder}/services/billing` };
  const { code, stdout } = await mig(["init"], inner);
  assertEquals(code, 0);
  assertStringIncludes(stdout, "note   this folder is inside of the project of ../../mig.json;");
  assertEquals(JSON.parse((await mig(["init", "--json"], inner)).stdout).data.outer, "../../mig.json");
});

Deno.test("mig init elsewhere tells of none", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { stdout } = await mig(["init"], { cwd: folder });
    assert(!stdout.includes("note "), stdout);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
