/** install.sh, from a pipe, on machines with little on them, from a server that has a release. */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  CHECKERS,
  FETCHERS,
  InstallMachine,
  type MachineOptions,
  onUnix,
  programPath,
  SHELLS,
} from "../support/install_machine.ts";
import { fakeArchive, serveRelease } from "../support/release_server.ts";

const INSTALLED = [".local", ".local/bin", ".local/bin/mig"];

for (const shell of SHELLS) {
  for (const fetcher of FETCHERS) {
    onUnix(`install.sh installs mig, in ${shell} with ${fetcher}`, async () => {
      await using server = await serveRelease(fakeArchive("linux-x64"));
      await using machine = await InstallMachine.make({ shell, programs: [fetcher, "sha256sum"] });
      const { code, stdout, stderr, home, temporary } = await machine.install({
        MIG_INSTALL_URL: server.url,
      });
      assertEquals({ code, stderr }, { code: 0, stderr: "" });
      const folder = `${machine.home}/.local/bin`;
      assertEquals(stdout.split("\n"), [
        `downloading mig-linux-x64.tar.gz from ${server.url}/latest/download`,
        `installed mig 9.9.9 for linux-x64 as ${folder}/mig`,
        "next: put it on your PATH, with this line in ~/.profile for the shells to come:",
        `  export PATH="${folder}:$PATH"`,
        "",
      ]);
      assertEquals([home, temporary], [INSTALLED, []]);
      assertEquals((await Deno.stat(`${folder}/mig`)).mode! & 0o777, 0o755);
    });

    onUnix(
      `install.sh leaves nothing of a download that is altered, in ${shell} with ${fetcher}`,
      async () => {
        await using server = await serveRelease(fakeArchive("linux-x64"));
        server.files.set(
          "latest/download/mig-linux-x64.tar.gz",
          fakeArchive("linux-x64", "rm -rf ~")["mig-linux-x64.tar.gz"]!,
        );
        await using machine = await InstallMachine.make({ shell, programs: [fetcher, "sha256sum"] });
        const { code, stderr, home, temporary } = await machine.install({ MIG_INSTALL_URL: server.url });
        assertEquals(code, 1);
        assertMatch(
          stderr,
          /^error: the checksum of mig-linux-x64.tar.gz is wrong: [0-9a-f]{64} instead of [0-9a-f]{64}$/m,
        );
        assertStringIncludes(stderr, "nothing was installed");
        assertEquals([home, temporary], [[], []]);
      },
    );
  }
}

for (const checker of CHECKERS) {
  onUnix(`install.sh checks what it downloads with ${checker}`, async () => {
    await using server = await serveRelease(fakeArchive("linux-x64"));
    await using machine = await InstallMachine.make({
      programs: ["curl", checker],
    });
    const env = { MIG_INSTALL_URL: server.url };
    assertEquals((await machine.install(env)).home, INSTALLED);
    await Deno.remove(`${machine.home}/.local`, { recursive: true });
    server.files.set("latest/download/mig-linux-x64.tar.gz", new Uint8Array(9));
    const { code, stderr, home } = await machine.install(env);
    assertEquals([code, home], [1, []]);
    assertStringIncludes(stderr, "is wrong");
  });
}

const PLATFORMS: readonly [platform: string, options: MachineOptions][] = [
  ["linux-x64", { machine: "amd64" }],
  ["linux-arm64", { machine: "aarch64" }],
  ["linux-x64-musl", { libc: "musl libc (x86_64)" }],
  ["linux-arm64-musl", { machine: "arm64", libc: "musl libc (aarch64)" }],
  ["macos-x64", { system: "Darwin" }],
  ["macos-arm64", { system: "Darwin", machine: "arm64" }],
];

for (const [platform, options] of PLATFORMS) {
  onUnix(`install.sh finds the archive for ${platform}`, async () => {
    const others = Object.assign({}, ...PLATFORMS.map(([name]) => fakeArchive(name, `echo mig for ${name}`)));
    await using server = await serveRelease(others);
    await using machine = await InstallMachine.make(options);
    const { code, stdout, stderr } = await machine.install({ MIG_INSTALL_URL: server.url });
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertStringIncludes(stdout, `installed mig for ${platform} for ${platform} as`);
  });
}

for (const fetcher of FETCHERS) {
  onUnix(`install.sh takes the version that is asked for, with ${fetcher}`, async () => {
    await using server = await serveRelease(fakeArchive("linux-x64", "echo mig 1.2.3"), "download/v1.2.3");
    await using machine = await InstallMachine.make({ programs: [fetcher, "sha256sum"] });
    for (const version of ["1.2.3", "v1.2.3"]) {
      const { code, stdout } = await machine.install({ MIG_INSTALL_URL: server.url, MIG_VERSION: version });
      assertEquals(code, 0);
      assertStringIncludes(stdout, "installed mig 1.2.3 ");
    }
    const { code, stderr, home } = await machine.install({
      MIG_INSTALL_URL: server.url,
      MIG_VERSION: "1.2.4",
    });
    assertEquals([code, home], [1, INSTALLED]);
    assertStringIncludes(stderr, "that there is a version 1.2.4");
    assertMatch(stderr, fetcher === "wget" ? /the server answers that it does not have it/ : /404/);
  });
}

onUnix("install.sh takes the true system of a shell that Rosetta translates", async () => {
  await using server = await serveRelease(fakeArchive("macos-arm64"));
  await using machine = await InstallMachine.make({ system: "Darwin" });
  await machine.script("bin/sysctl", "echo 1");
  assertEquals((await machine.install({ MIG_INSTALL_URL: server.url })).home, INSTALLED);
});

Deno.test({
  name: "install.sh replaces a mig that runs, and lets it run on",
  // macOS runs no copies of its own programs.
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using server = await serveRelease(fakeArchive("linux-x64"));
    await using machine = await InstallMachine.make();
    const folder = `${machine.home}/a folder`;
    await Deno.mkdir(folder);
    await Deno.copyFile((await programPath("sleep"))!, `${folder}/mig`);
    await using running = new Deno.Command(`${folder}/mig`, { args: ["60"] }).spawn();
    const env = { MIG_INSTALL_URL: server.url, MIG_INSTALL_DIR: "a folder/" };
    const { code, stdout, home } = await machine.install(env);
    assertEquals([code, home], [0, ["a folder", "a folder/mig"]]);
    assertMatch(
      stdout,
      /installed mig 9\.9\.9 for linux-x64 as .*\/a folder\/mig, in the place of sleep .*\n/,
    );
    assertStringIncludes(await Deno.readTextFile(`${folder}/mig`), "9.9.9");
    // A process that has ended cannot be signalled.
    running.kill("SIGTERM");
    assertEquals((await running.status).signal, "SIGTERM");
  },
});

onUnix("install.sh says what is next by what is on the PATH", async () => {
  await using server = await serveRelease(fakeArchive("linux-x64"));
  await using machine = await InstallMachine.make();
  const env = { MIG_INSTALL_URL: server.url, MIG_INSTALL_DIR: machine.home };
  const last = async (more: Record<string, string>) =>
    (await machine.install({ ...env, ...more })).stdout.trimEnd().split("\n").at(-1);
  const path = `${machine.folder}/bin:${machine.home}`;
  assertEquals(await last({ PATH: path }), "next: mig init");
  assertEquals(
    await last({ SHELL: "/usr/bin/fish" }),
    `next: put it on your PATH: fish_add_path ${machine.home}`,
  );
  await machine.script("bin/mig", "echo another program");
  assertEquals(
    await last({ PATH: path }),
    `note: on your PATH, ${machine.folder}/bin/mig comes before it: remove that one, or put ${machine.home} first`,
  );
});
