/**
 * Writes deno.lock anew, after a dependency has changed: the npm packages with their integrity, and nothing of JSR or links,
 * which differ from machine to machine (see tools/packages.ts).
 */

import { walk } from "@std/fs";

if (import.meta.main) {
  const path = await Deno.makeTempFile({ suffix: ".lock" });
  await Deno.remove(path);
  const entries = ["main.ts"];
  for (const folder of ["src", "tools", "tests"]) {
    for await (const { path } of walk(folder, { includeDirs: false, exts: [".ts"] })) entries.push(path);
  }
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["cache", `--lock=${path}`, ...entries],
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  if (!success) Deno.exit(1);
  const lock = JSON.parse(await Deno.readTextFile(path)) as {
    version: string;
    specifiers: Record<string, string>;
    npm: Record<string, unknown>;
  };
  const specifiers = Object.fromEntries(
    Object.entries(lock.specifiers).filter(([name]) => name.startsWith("npm:")),
  );
  const text = JSON.stringify({ version: lock.version, specifiers, npm: lock.npm }, null, 2);
  await Deno.writeTextFile("deno.lock", text + "\n");
}
