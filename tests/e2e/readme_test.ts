/** The README's tour is run, and prints what it says. */

import { assertEquals } from "@std/assert";
import { ROOT } from "../support/mig.ts";

Deno.test({
  name: "the README's tour prints what the README says",
  ignore: Deno.build.os === "windows",
  async fn() {
    const readme = await Deno.readTextFile(`${ROOT}README.md`);
    const tour = /<!-- tour[^>]*-->\n+```console\n([^]*?)```/.exec(readme)![1]!;
    const commands = [...tour.matchAll(/^\$ (.*)$/gm)].map(([, command]) => command!);
    const folder = await Deno.makeTempDir({ prefix: "mig-tour-" });
    let printed = "";
    for (const command of commands) {
      const { stdout } = await new Deno.Command("bash", {
        args: ["-c", `${command} 2>&1`],
        cwd: folder,
        clearEnv: true,
        env: { PATH: `${ROOT}dist:${Deno.env.get("PATH")}`, HOME: folder },
      }).output();
      printed += `$ ${command}\n${new TextDecoder().decode(stdout)}`;
    }
    await Deno.remove(folder, { recursive: true });
    assertEquals(normalise(printed), normalise(tour));
  },
});

Deno.test("the README lists every command, with its other names", async () => {
  const readme = await Deno.readTextFile(`${ROOT}README.md`);
  const listed = [...readme.matchAll(/^\| `mig ([a-z-]+)[^`]*`(?: \(`([a-z]+)`\))? +\|/gm)]
    .map(([, name, alias]) => [name, alias ?? ""].join(" ").trim());
  const { REGISTRY } = await import("../../src/commands/registry.ts");
  assertEquals(listed, REGISTRY.map(({ name, aliases }) => [name, ...aliases].join(" ")));
});

/** Replaces what differs from run to run; ids by their order, so that the same one stays the same. */
function normalise(text: string): string {
  const ids: string[] = [];
  return text
    .replaceAll(/\d{8}T\d{4}_/g, "MINUTE_")
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, "TIME")
    .replaceAll(/\b[\d.]+ m?s\b/g, "DURATION")
    .replaceAll(/(?<![0-9a-f])[0-9a-f]{8}(?![0-9a-f])/g, (id) => {
      if (!ids.includes(id)) ids.push(id);
      return `ID${ids.indexOf(id) + 1}`;
    });
}
