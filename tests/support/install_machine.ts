/** A machine on which install.sh runs: a home, a folder for temporary files, and no programs but those that are said. */

import { exists } from "@std/fs";
import { ROOT } from "./mig.ts";

/** What the installer said and left. */
export interface Installation {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What is in the home, by relative path, sorted; and in the folder for temporary files. */
  readonly home: readonly string[];
  readonly temporary: readonly string[];
}

export interface MachineOptions {
  /** `dash`, `bash`, `busybox`; else `sh`. */
  readonly shell?: string;
  /** What `uname` says, and `ldd --version`. */
  readonly system?: string;
  readonly machine?: string;
  readonly libc?: string;
  /** Programs beside those that every machine has: of downloading and of checksums. `wget=busybox` is busybox under that name. */
  readonly programs?: readonly string[];
}

/** What of this the machine has that the tests run on. */
export const SHELLS = await present(["sh", "dash", "bash", "busybox"]);
export const FETCHERS = await present(["curl", "wget", "wget=busybox"]);
export const CHECKERS = await present(["sha256sum", "shasum", "openssl"]);

/** A test of what is not for Windows. */
export function onUnix(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: Deno.build.os === "windows", fn });
}

const ALWAYS = ["mktemp", "tar", "gzip", "dirname", "mkdir", "cp", "chmod", "mv", "rm", "rmdir", "cat", "sh"];

/** Such a machine, gone when it is disposed of. */
export class InstallMachine implements AsyncDisposable {
  private constructor(readonly folder: string, readonly shell: string) {}

  static async make(options: MachineOptions = {}): Promise<InstallMachine> {
    const folder = await Deno.makeTempDir({ prefix: "mig-install-" });
    const made = new InstallMachine(folder, (await programPath(options.shell ?? "sh"))!);
    for (const name of ["home", "tmp", "bin"]) await Deno.mkdir(`${folder}/${name}`);
    for (const name of [...ALWAYS, ...(options.programs ?? ["curl", "sha256sum"])]) {
      const [program, as = program] = name.split("=").reverse() as [string, string?];
      await Deno.symlink((await programPath(program))!, `${folder}/bin/${as}`);
    }
    const { system = "Linux", machine = "x86_64", libc = "ldd (GNU libc) 2.36" } = options;
    await made.script("bin/uname", `case $1 in -s) echo '${system}' ;; -m) echo '${machine}' ;; esac`);
    await made.script("bin/ldd", `echo '${libc}' >&2; exit 1`);
    // So that those who are not root can come to it.
    await Deno.chmod(folder, 0o755);
    return made;
  }

  get home(): string {
    return `${this.folder}/home`;
  }

  /** Writes an executable script. */
  async script(path: string, text: string): Promise<void> {
    await Deno.writeTextFile(`${this.folder}/${path}`, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  }

  /** Runs the installer as people do, from a pipe. */
  async install(
    env: Readonly<Record<string, string>>,
    { uid, script }: { readonly uid?: number; readonly script?: string } = {},
  ): Promise<Installation> {
    const process = new Deno.Command(this.shell, {
      args: [...(this.shell.endsWith("/busybox") ? ["sh"] : []), "-s"],
      cwd: this.home,
      clearEnv: true,
      env: {
        PATH: `${this.folder}/bin`,
        HOME: this.home,
        TMPDIR: `${this.folder}/tmp`,
        SHELL: "/bin/sh",
        ...env,
      },
      ...(uid === undefined ? {} : { uid, gid: uid }),
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const input = process.stdin.getWriter();
    await input.write(new TextEncoder().encode(script ?? await Deno.readTextFile(`${ROOT}install.sh`)));
    await input.close();
    const { code, stdout, stderr } = await process.output();
    return {
      code,
      stdout: new TextDecoder().decode(stdout),
      stderr: new TextDecoder().decode(stderr),
      home: await list(this.home),
      temporary: await list(`${this.folder}/tmp`),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** Where a program of this machine is; null when there is none. */
export async function programPath(name: string): Promise<string | null> {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    if (await exists(`${folder}/${name}`)) return `${folder}/${name}`;
  }
  return null;
}

async function present(programs: readonly string[]): Promise<string[]> {
  if (Deno.build.os === "windows") return [];
  const found = await Promise.all(programs.map((name) => programPath(name.replace(/.*=/, ""))));
  return programs.filter((_, i) => found[i] !== null);
}

async function list(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    found.push(name);
    if (isDirectory) found.push(...(await list(`${folder}/${name}`)).map((path) => `${name}/${path}`));
  }
  return found.sort();
}
