/** install.ps1, with the executable that was built, from a server that has it in a release. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { targetNamed } from "../../tools/build/target.ts";
import { archiveName, packArchive } from "../../tools/release/archive.ts";
import { ROOT } from "../support/mig.ts";
import { type ReleaseServer, serveRelease } from "../support/release_server.ts";

const TARGET = targetNamed("windows-x64");
const ARCHIVE = archiveName(TARGET);

/** PowerShell 5.1, which every Windows has, and the one that people install. */
for (const shell of ["powershell", "pwsh"]) {
  Deno.test({
    name: `install.ps1 installs mig, replaces it while it runs, and refuses what is altered, in ${shell}`,
    ignore: Deno.build.os !== "windows",
    async fn() {
      const home = await Deno.makeTempDir({ prefix: "mig-install-" });
      await using server = await builtRelease();
      const folder = `${home}\\bin`;
      const first = await install(shell, server, folder);
      assertEquals(first.code, 0, first.said);
      assertStringIncludes(first.said, `for windows-x64 as ${folder}\\mig.exe`);
      assertStringIncludes(first.said, "next: put it on your PATH");

      // It waits for a server that takes connections and says nothing.
      using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      await using running = new Deno.Command(`${folder}\\mig.exe`, {
        args: ["status", "--database", `postgres://a@127.0.0.1:${(silent.addr as Deno.NetAddr).port}/a`],
        cwd: ROOT,
        stdout: "null",
        stderr: "null",
      }).spawn();
      const connection = await silent.accept();
      const second = await install(shell, server, folder);
      assertEquals(second.code, 0, second.said);
      connection.close();
      running.kill();
      await running.status;

      server.files.set(`latest/download/${ARCHIVE}`, new Uint8Array(9));
      for (const to of [folder, `${home}\\new`]) {
        const { code, said } = await install(shell, server, to);
        assertEquals(code, 1, said);
        // PowerShell breaks lines where it likes.
        assertStringIncludes(said.replaceAll(/\s+/g, " "), "the checksum of mig-windows-x64.zip is wrong");
      }
      await installAfterwards(shell, server, folder);
      assertEquals(await names(folder), ["mig.exe"]);
      assertEquals(await names(home), ["bin"]);
      await Deno.remove(home, { recursive: true });
    },
  });
}

async function builtRelease(): Promise<ReleaseServer> {
  const executable = await Deno.readFile(`${ROOT}dist/mig.exe`);
  return await serveRelease({ [ARCHIVE]: packArchive(TARGET, executable, new Uint8Array()) });
}

/** Once more, whole: now that the old one has ended, what is left of it goes. */
async function installAfterwards(shell: string, server: ReleaseServer, folder: string): Promise<void> {
  await using again = await builtRelease();
  for (const [path, content] of again.files) server.files.set(path, content);
  const { code, said } = await install(shell, server, folder);
  assertEquals(code, 0, said);
}

async function install(
  shell: string,
  server: ReleaseServer,
  folder: string,
): Promise<{ code: number; said: string }> {
  const { code, stdout, stderr } = await new Deno.Command(shell, {
    args: ["-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-File", `${ROOT}install.ps1`],
    env: { MIG_INSTALL_URL: server.url, MIG_INSTALL_DIR: folder, MIG_VERSION: "" },
    stdin: "null",
  }).output();
  return { code, said: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

async function names(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir(folder)) found.push(name);
  return found.sort();
}
