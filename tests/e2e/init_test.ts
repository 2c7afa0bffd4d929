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

Deno.test("mig init has git ignore the embedded database and .env, and keeps what .gitignore has", async () => {
  const folder = await Deno.makeTempDir();
  const ignored = async (before: string | null) => {
    if (before !== null) await Deno.writeTextFile(`${folder}/.gitignore`, before);
    const { code, stdout } = await mig(["init"], { cwd: folder });
    assertEquals(code, 0);
    const after = await Deno.readTextFile(`${folder}/.gitignore`);
    assertStringIncludes(stdout, `${after === before ? "kept" : "made"}   .gitignore`);
    return after;
  };
  const database = "# the embedded database of mig\n.mig/\n";
  const settings = "# settings of this machine, which may hold passwords\n.env\n";
  try {
    assertEquals(await ignored(null), database + settings);
    assertEquals(await ignored(database + settings), database + settings);
    assertEquals(await ignored("node_modules\n.mig"), `node_modules\n.mig\n${settings}`);
    assertEquals(await ignored("/.env\n"), `/.env\n${database}`);
    assertEquals(await ignored("dist\r\n.env*\r\n"), `dist\r\n.env*\r\n${database.replaceAll("\n", "\r\n")}`);
    // A name that only begins like it says nothing of it, and what a person wants in the repository stays there.
    assertEquals(await ignored(".env.local\n!.mig/\n"), `.env.local\n!.mig/\n${settings}`);
    assertEquals(await ignored("!.env\n.mig/\n"), "!.env\n.mig/\n");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
