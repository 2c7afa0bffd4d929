/** What install.sh refuses, and that it leaves nothing behind then. */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { FETCHERS, InstallMachine, type MachineOptions, onUnix } from "../support/install_machine.ts";
import { ROOT } from "../support/mig.ts";
import { fakeArchive, serveRelease } from "../support/release_server.ts";

onUnix("install.sh says for what there is no mig", async () => {
  const cases: [MachineOptions, RegExp][] = [
    [{ machine: "riscv64" }, /no released mig for Linux on riscv64/],
    [{ system: "FreeBSD", machine: "amd64" }, /no released mig for FreeBSD on amd64/],
    [{ system: "MINGW64_NT-10.0" }, /use install\.ps1/],
  ];
  for (const [options, wanted] of cases) {
    await using machine = await InstallMachine.make(options);
    const { code, stderr, home } = await machine.install({ MIG_INSTALL_URL: "http://127.0.0.1:1" });
    assertEquals([code, home], [1, []]);
    assertMatch(stderr, wanted);
  }
});

onUnix("install.sh says which archives a release has when it lacks the one for this machine", async () => {
  await using server = await serveRelease({ ...fakeArchive("linux-x64"), ...fakeArchive("macos-arm64") });
  await using machine = await InstallMachine.make({ machine: "aarch64" });
  const { code, stderr, home, temporary } = await machine.install({ MIG_INSTALL_URL: server.url });
  assertEquals([code, home, temporary], [1, [], []]);
  assertStringIncludes(
    stderr,
    "has no mig-linux-arm64.tar.gz; it has mig-linux-x64.tar.gz mig-macos-arm64.tar.gz",
  );
});

const UNREACHABLE: Readonly<Record<string, RegExp>> = {
  curl: /curl: \(7\)/,
  wget: /the server cannot be reached/,
  "wget=busybox": /can't connect/,
};

for (const fetcher of FETCHERS) {
  onUnix(`install.sh says that the server is down, with ${fetcher}`, async () => {
    const server = await serveRelease({});
    const { url } = server;
    await server[Symbol.asyncDispose]();
    await using machine = await InstallMachine.make({ programs: [fetcher, "sha256sum"] });
    const { code, stderr, home, temporary } = await machine.install({ MIG_INSTALL_URL: url });
    assertEquals([code, home, temporary], [1, [], []]);
    assertStringIncludes(stderr, `error: cannot download ${url}/latest/download/SHA256SUMS`);
    assertMatch(stderr, UNREACHABLE[fetcher]!);
  });
}

onUnix("install.sh refuses a version that is none", async () => {
  await using machine = await InstallMachine.make();
  const { code, stderr } = await machine.install({ MIG_VERSION: "../../evil" });
  assertEquals(code, 1);
  assertStringIncludes(stderr, "MIG_VERSION=../../evil is no version");
});

onUnix("install.sh says which programs it misses", async () => {
  const cases: [string[], string][] = [
    [["sha256sum"], "neither curl nor wget"],
    [["curl"], "sha256sum, shasum or openssl"],
  ];
  for (const [programs, wanted] of cases) {
    await using machine = await InstallMachine.make({ programs });
    const { code, stderr } = await machine.install({ MIG_INSTALL_URL: "http://127.0.0.1:1" });
    assertEquals(code, 1);
    assertStringIncludes(stderr, wanted);
  }
});

onUnix("install.sh says where it may not write, before it downloads", async () => {
  await using machine = await InstallMachine.make();
  await Deno.mkdir(`${machine.home}/closed`, { mode: 0o555 });
  await Deno.writeTextFile(`${machine.home}/file`, "");
  // Root may write everywhere.
  const somebody = Deno.uid() === 0 ? { uid: 65534 } : {};
  const env = { MIG_INSTALL_URL: "http://127.0.0.1:1" };
  const cases: [folder: string, wanted: string][] = [
    ["closed", `you may not write to ${machine.home}/closed`],
    ["closed/further/in", `you may not write to ${machine.home}/closed`],
    ["file/in", `${machine.home}/file is not a folder`],
  ];
  for (const [folder, wanted] of cases) {
    const { code, stderr } = await machine.install({ ...env, MIG_INSTALL_DIR: folder }, somebody);
    assertEquals(code, 1);
    assertStringIncludes(stderr, `error: cannot install into ${machine.home}/${folder}: ${wanted}`);
  }
});

onUnix("install.sh keeps the mig that is there when the new one does not run", async () => {
  await using server = await serveRelease(
    fakeArchive("linux-x64", "echo libstdc++.so.6: not found >&2; exit 127"),
  );
  await using machine = await InstallMachine.make();
  const first = await machine.install({ MIG_INSTALL_URL: server.url });
  assertEquals([first.code, first.home, first.temporary], [1, [], []]);
  assertStringIncludes(first.stderr, "does not run on this machine: libstdc++.so.6: not found");
  assertStringIncludes(first.stderr, "hint: install the C++ library that it needs");
  await machine.script("home/mig", "echo mig 1.0.0");
  const second = await machine.install({ MIG_INSTALL_URL: server.url, MIG_INSTALL_DIR: machine.home });
  assertEquals([second.code, second.home], [1, ["mig"]]);
  assertStringIncludes(await Deno.readTextFile(`${machine.home}/mig`), "1.0.0");
});

onUnix("install.sh does nothing when it is cut off", async () => {
  await using server = await serveRelease(fakeArchive("linux-x64"));
  await using machine = await InstallMachine.make();
  const text = await Deno.readTextFile(`${ROOT}install.sh`);
  for (const part of [0.3, 0.6, 0.9]) {
    const script = text.slice(0, Math.floor(text.length * part));
    const { stdout, home } = await machine.install({ MIG_INSTALL_URL: server.url }, { script });
    assertEquals([stdout, home], ["", []]);
  }
});
