import { assertEquals } from "@std/assert";
import { targetNamed, TARGETS } from "../../../tools/build/target.ts";
import { archiveName, packArchive } from "../../../tools/release/archive.ts";
import { checksumsOf } from "../../../tools/release/checksums.ts";
import { programPath } from "../../support/install_machine.ts";

const LICENCE = new TextEncoder().encode("do what you like\n");
/** Some bytes that can be compressed, and some that cannot. */
const EXECUTABLE = new Uint8Array(70_000).map((_, i) => i < 50_000 ? 7 : (i * i * 31 + i) >> 3);

Deno.test("archiveName() names each platform, with the ending that its system opens", () => {
  assertEquals(TARGETS.map(archiveName), [
    "mig-linux-x64.tar.gz",
    "mig-linux-arm64.tar.gz",
    "mig-linux-x64-musl.tar.gz",
    "mig-linux-arm64-musl.tar.gz",
    "mig-macos-x64.tar.gz",
    "mig-macos-arm64.tar.gz",
    "mig-windows-x64.zip",
  ]);
});

Deno.test("packArchive() gives the same bytes for the same files", () => {
  for (const target of TARGETS) {
    assertEquals(packArchive(target, EXECUTABLE, LICENCE), packArchive(target, EXECUTABLE, LICENCE));
  }
});

Deno.test("packArchive() writes a .tar.gz that tar reads, with an executable in it", async () => {
  const modes = await unpack("linux-x64", "mig", ["tar", "-xzf"]);
  if (Deno.build.os !== "windows") assertEquals(modes, [0o755, 0o644]);
});

/** What reads a zip: of Info-ZIP, which also tests it; Python; and on Windows and macOS tar. */
const READERS = [["unzip", "-q"], ["python3", "-m", "zipfile", "-e"]];
if (Deno.build.os !== "linux") READERS.push(["tar", "-xf"]);

for (const [program, ...args] of READERS) {
  Deno.test({
    name: `packArchive() writes a .zip that ${program} reads`,
    ignore: await programPath(program!) === null && program !== "tar",
    async fn() {
      const modes = await unpack("windows-x64", "mig.exe", [program!, ...args]);
      if (program === "unzip") assertEquals(modes, [0o755, 0o644]);
    },
  });
}

Deno.test({
  name: "checksumsOf() writes what sha256sum checks",
  ignore: await programPath("sha256sum") === null,
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "mig-release-" });
    try {
      await Deno.writeFile(`${folder}/b`, EXECUTABLE);
      await Deno.writeFile(`${folder}/a`, LICENCE);
      await Deno.writeTextFile(`${folder}/SHA256SUMS`, await checksumsOf(folder, ["b", "a"]));
      const check = { args: ["--check", "--strict", "SHA256SUMS"], cwd: folder };
      const { stdout } = await new Deno.Command("sha256sum", check).output();
      assertEquals(new TextDecoder().decode(stdout), "a: OK\nb: OK\n");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

/** Has a program unpack an archive, and gives the modes of the executable and the licence, which are as they were. */
async function unpack(platform: string, executable: string, reader: readonly string[]): Promise<number[]> {
  const target = targetNamed(platform);
  const folder = await Deno.makeTempDir({ prefix: "mig-release-" });
  try {
    await Deno.writeFile(`${folder}/archive`, packArchive(target, EXECUTABLE, LICENCE));
    const [program, ...args] = reader;
    const last = program === "python3" ? ["."] : [];
    const { success, stderr } = await new Deno.Command(program!, {
      args: [...args, "archive", ...last],
      cwd: folder,
    }).output();
    assertEquals([success, new TextDecoder().decode(stderr)], [true, ""]);
    assertEquals(await Deno.readFile(`${folder}/${executable}`), EXECUTABLE);
    assertEquals(await Deno.readFile(`${folder}/LICENSE`), LICENCE);
    const files = [executable, "LICENSE"].map((name) => Deno.stat(`${folder}/${name}`));
    return (await Promise.all(files)).map(({ mode }) => (mode ?? 0) & 0o777);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
