/** Completion, in the shells themselves where they are on this machine. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { mig, ROOT, shell } from "../support/mig.ts";
import { project, type TestProject } from "../support/project.ts";

const CONFIG = `{
  "migrations": ["migrations", "plugins"], // a comment
  "environments": { "live eu": {}, "staging": { "migrations": "elsewhere" } }
}`;

async function example(): Promise<TestProject> {
  const files = await project([
    { id: "3f9a1c2b", parent: null, message: "create: \"users\"\tof\u202e\n'us'", up: "" },
    { id: "91c07d5e", parent: "3f9a1c2b", message: "phone number", up: "" },
  ]);
  await files.write("mig.json", CONFIG);
  await files.write(
    "plugins/20260102T0000_b1/meta.json",
    '{"id": "b1", "parent": null, "message": "größer", "labels": "billing"}',
  );
  await files.write("migrations/20260103T0000_broken/meta.json", "{");
  await files.write("migrations/_templates/data/up.sql", "");
  await files.write("elsewhere/1/meta.json", '{"id": "e1", "parent": null, "message": ""}');
  return files;
}

/** What is offered for the word at the end of a line. */
async function offered(
  line: string,
  { folder }: TestProject,
  env?: Record<string, string>,
): Promise<string[]> {
  const words = line.split(" ").slice(1);
  const { stdout, stderr, code } = await mig(
    ["__complete", `--word=${words.at(-1)}`, ...words.slice(0, -1)],
    {
      cwd: folder,
      env,
    },
  );
  assertEquals([code, stderr], [0, ""], line);
  return stdout.split("\n").filter((line) => line !== "");
}

/** Whether a program is on this machine. */
async function has(program: string): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args: ["--version"], stdout: "null", stderr: "null" }).output())
      .success;
  } catch {
    return false;
  }
}

const posix = Deno.build.os !== "windows";

const WORDS = [
  "head\tthe revision that nobody follows",
  "heads\tthose of all branches",
  "base\tbefore the first revision",
  "current\twhere the database is",
];
const IDS = [
  "b1\tgrößer",
  "91c07d5e\tphone number",
  "3f9a1c2b\tcreate: \"users\" of\\u{202e} 'us'",
];

Deno.test("revisions are offered with their messages, newest first, and by the other ways to name them", async () => {
  await using files = await example();
  assertEquals(await offered("mig up ", files), [
    ...WORDS,
    "billing@head\tthe newest revision of billing",
    ...IDS,
  ]);
  assertEquals(await offered("mig up 9", files), [IDS[1]]);
  assertEquals(await offered("mig up 91c07d5e 9", files), []);
  assertEquals(await offered("mig up B", files), [
    WORDS[2],
    "billing@head\tthe newest revision of billing",
    IDS[0],
  ]);
  assertEquals(await offered("mig history head:9", files), [`head:${IDS[1]}`]);
  assertEquals(await offered("mig show phone", files), ["phone_number\t91c07d5e phone number"]);
  assertEquals(await offered("mig new x --parent=9", files), [`--parent=${IDS[1]}`]);
});

Deno.test("the settings on the line and in the environment choose the project's files", async () => {
  await using files = await example();
  assertEquals(await offered("mig up -e staging e", files), ["e1"]);
  assertEquals(await offered("mig --migrations=elsewhere up e", files), ["e1"]);
  assertEquals(await offered("mig up e", files, { MIG_ENV: "staging" }), ["e1"]);
  // A setting that has nothing to do with it may be wrong; the folder may be another one.
  assertEquals(await offered("mig up --lock-wait soon 9", files), [IDS[1]]);
});

Deno.test("commands, flags, environments, templates and choices are offered, and paths are left to the shell", async () => {
  await using files = await example();
  assertEquals((await offered("mig stat", files))[0]!.split("\t")[0], "status");
  assertEquals((await offered("mig upg", files)).map((line) => line.split("\t")[0]), ["upgrade"]);
  assertEquals(await offered("mig up --dry", files), ["--dry-run\tShow what would run; change nothing"]);
  assertEquals(await offered("mig --env ", files), ["live eu", "staging"]);
  assertEquals(await offered("mig --env=st", files), ["--env=staging"]);
  assertEquals(await offered("mig new x --template ", files), ["data"]);
  assertEquals(await offered("mig new x --folder ", files), ["migrations", "plugins"]);
  assertEquals(await offered("mig completion ", files), ["bash", "zsh", "fish", "powershell"]);
  assertEquals(await offered("mig new x --up ", files), [":files"]);
  assertEquals(await offered("mig --migrations ", files), [":folders"]);
});

Deno.test("where something is wrong, completion offers nothing and says nothing", async () => {
  await using files = await example();
  for (const line of ["mig nosuch ", "mig up -e nosuch ", "mig new ", "mig up --database "]) {
    assertEquals(await offered(line, files), [], line);
  }
  await files.write("mig.json", "{");
  assertEquals(await offered("mig up ", files), []);
  await Deno.remove(`${files.folder}/mig.json`);
  await Deno.remove(files.migrations, { recursive: true });
  assertEquals(await offered("mig up ", files), [...WORDS]);
  // An address at which nobody answers, and which it must not ask.
  assertEquals(
    await offered("mig up h", files, { DATABASE_URL: "postgres://192.0.2.1/x" }),
    WORDS.slice(0, 2),
  );
  const { code, stdout, stderr } = await mig(["__complete"], { cwd: files.folder });
  assertEquals([code, stdout, stderr], [0, "", ""]);
});

Deno.test({
  name: "to offer a thousand revisions takes the processor no more than four times as long as mig --version",
  ignore: !posix || !await has("bash"),
  async fn() {
    await using files = await project();
    for (let i = 0; i < 1000; i++) {
      const id = `f${String(i).padStart(7, "0")}`;
      const metadata = JSON.stringify({ id, parent: null, message: `number ${i}` });
      await files.write(`migrations/2026_${id}/meta.json`, metadata);
    }
    assertEquals((await offered("mig up f", files)).length, 1000);
    // What else runs on the machine does not count.
    const { stderr } = await shell(
      "TIMEFORMAT='%U %S'; for i in {1..15}; do time mig __complete --word= up > /dev/null; time mig --version > /dev/null; done",
      { cwd: files.folder },
    );
    const times = stderr.trim().split("\n").map((line) => {
      const [user, system] = line.split(" ").map(Number);
      return user! + system!;
    });
    assertEquals(times.length, 30);
    const least = (turn: number) => Math.min(...times.filter((_, at) => at % 2 === turn));
    assert(least(0) < 4 * least(1), `${least(0)} s beside ${least(1)} s`);
  },
});

Deno.test("a shell that is opened in a broken project gets its completion all the same", async () => {
  await using files = await example();
  await files.write("mig.json", "{");
  const { code, stderr } = await mig(["completion", "bash"], { cwd: files.folder });
  assertEquals([code, stderr], [0, ""]);
});

/** What bash puts in the place of the last word: it sees words that end at : = and @. */
async function inBash(line: string, words: readonly string[], { folder }: TestProject): Promise<string[]> {
  const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  const { code, stdout, stderr } = await shell(
    `set -u; eval "$(mig completion bash)"; COMP_LINE='${line}'; COMP_POINT=\${#COMP_LINE}; COMP_WORDS=(${quoted})
     COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _mig; ((\${#COMPREPLY[@]} == 0)) || printf '%s\\n' "\${COMPREPLY[@]}"`,
    { cwd: folder },
  );
  assertEquals([code, stderr], [0, ""], line);
  return stdout.split("\n").filter((line) => line !== "");
}

Deno.test({
  name: "bash completes ids, words that it takes apart, values with blanks, and paths",
  ignore: !posix || !await has("bash"),
  async fn() {
    await using files = await example();
    assertEquals(await inBash("mig up 9", ["mig", "up", "9"], files), ["91c07d5e"]);
    assertEquals(await inBash("mig up ", ["mig", "up", ""], files), [
      ...["head", "heads", "base", "current", "billing@head", "b1", "91c07d5e", "3f9a1c2b"],
    ]);
    assertEquals(await inBash("mig up billing@h", ["mig", "up", "billing", "@", "h"], files), ["head"]);
    assertEquals(await inBash("mig up billing@", ["mig", "up", "billing", "@"], files), ["head"]);
    assertEquals(await inBash("mig history head:9", ["mig", "history", "head", ":", "9"], files), [
      "91c07d5e",
    ]);
    assertEquals(await inBash("mig --env=l", ["mig", "--env", "=", "l"], files), ["live\\ eu"]);
    assertEquals(
      await inBash("mig  --env=staging  up e", ["mig", "--env", "=", "staging", "up", "e"], files),
      ["e1"],
    );
    assertEquals(await inBash('mig up -e "live eu" 9', ["mig", "up", "-e", '"live eu"', "9"], files), [
      "91c07d5e",
    ]);
    assertEquals(await inBash("mig new x --up mig.", ["mig", "new", "x", "--up", "mig."], files), [
      "mig.json",
    ]);
    assertEquals(await inBash("mig --migrations mig", ["mig", "--migrations", "mig"], files), ["migrations"]);
    assertEquals(await inBash("mig up=", ["mig", "up", "="], files), []);
  },
});

/** Types a line into an interactive zsh, with a terminal, and gives what is then on it. */
async function inZsh(typed: string, { folder }: TestProject): Promise<string> {
  const script = `
    zmodload zsh/zpty
    zpty shell env -i PATH="$PATH" HOME="$HOME" TERM=dumb zsh -f -i
    TRAPEXIT() { zpty -d shell }
    zpty -w shell "PS1=; autoload -U compinit; compinit -u -D; eval \\"\\$(mig completion zsh)\\"; LISTMAX=999; stty columns 200; print READ''Y"
    zpty -r shell reply '*READY*' || exit 3
    # The line is printed in place of being run.
    zpty -w -n shell $'${typed}\\x01print -r -- DO""NE \\x05\\n'
    until [[ $said == *'DONE '*$'\\n'* ]]; do zpty -r shell reply || exit 4; said+=$reply; done
    print -r -- "$said"`;
  const { code, stdout, stderr } = await new Deno.Command("zsh", {
    args: ["-f", "-c", script],
    cwd: folder,
    clearEnv: true,
    env: { PATH: `${ROOT}dist:${Deno.env.get("PATH")}`, HOME: folder },
    stdin: "null",
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).replaceAll("\r", "");
}

Deno.test({
  name: "zsh completes ids, and shows what they mean",
  ignore: !posix || !await has("zsh"),
  async fn() {
    await using files = await example();
    assertMatch(await inZsh("mig up 9\\t", files), /DONE mig up 91c07d5e$/m);
    const list = await inZsh("mig up \\t", files);
    assertMatch(list, /^3f9a1c2b +-- create: "users" of/m);
    assertMatch(list, /^91c07d5e +-- phone number *$/m);
    assertMatch(list, /^head +-- the revision that nobody follows *$/m);
    assertMatch(await inZsh("mig history head:9\\t", files), /DONE mig history head:91c07d5e$/m);
    assertMatch(await inZsh("mig --env=l\\t", files), /DONE mig --env=live eu$/m);
    assertMatch(await inZsh("mig new x --up=mig.\\t", files), /DONE mig new x --up=mig\.json$/m);
  },
});

Deno.test({
  name: "fish completes ids, and shows what they mean",
  ignore: !posix || !await has("fish"),
  async fn() {
    await using files = await example();
    const inFish = async (line: string) => {
      const { code, stdout, stderr } = await new Deno.Command("fish", {
        args: ["--no-config", "-c", `mig completion fish | source; complete -C '${line}'`],
        cwd: files.folder,
        clearEnv: true,
        env: { PATH: `${ROOT}dist:${Deno.env.get("PATH")}`, HOME: files.folder },
      }).output();
      assertEquals(code, 0, new TextDecoder().decode(stderr));
      return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
    };
    assertEquals(await inFish("mig up 9"), ["91c07d5e\tphone number"]);
    assertEquals(await inFish("mig up b"), [
      WORDS[2],
      "billing@head\tthe newest revision of billing",
      IDS[0],
    ]);
    assertEquals(await inFish("mig --env=l"), ["--env=live eu"]);
    assertEquals(await inFish("mig new x --up=mig."), ["--up=mig.json"]);
    assertEquals(await inFish("mig up --dry"), ["--dry-run\tShow what would run; change nothing"]);
  },
});

for (const program of ["pwsh", "powershell"]) {
  Deno.test({
    name: `PowerShell completes ids, and shows what they mean, in ${program}`,
    ignore: !await has(program),
    async fn() {
      await using files = await example();
      const separator = posix ? ":" : ";";
      const inPowershell = async (line: string) => {
        const script = `mig completion powershell | Out-String | Invoke-Expression
          (TabExpansion2 -inputScript '${line}' -cursorColumn ${line.length}).CompletionMatches |
            ForEach-Object { $_.CompletionText + '|' + $_.ToolTip }`;
        const { stdout, stderr } = await new Deno.Command(program, {
          args: ["-NoProfile", "-Command", script],
          cwd: files.folder,
          env: { PATH: `${ROOT}dist${separator}${Deno.env.get("PATH")}` },
        }).output();
        return new TextDecoder().decode(stdout).split(/\r?\n/).filter((line) => line !== "").join("\n") +
          new TextDecoder().decode(stderr);
      };
      assertEquals(await inPowershell("mig up 9"), "91c07d5e|phone number");
      assertMatch(await inPowershell("mig up "), /^head\|the revision that nobody follows$/m);
      assertEquals(await inPowershell("mig up --dry"), "--dry-run|Show what would run; change nothing");
    },
  });
}
