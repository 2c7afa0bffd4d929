import { assertEquals } from "@std/assert";
import { kindOfFlag, kindOfOperand } from "../../../src/cli/completion/kind.ts";
import { readRequest } from "../../../src/cli/completion/request.ts";
import { REGISTRY } from "../../../src/commands/registry.ts";
import { GLOBAL_FLAGS } from "../../../src/render/help.ts";

/** A command line up to the cursor, and what it says of its last word. */
async function request(line: string) {
  const words = line.split(" ").slice(1);
  const { kind, kept, text } = await readRequest(words.slice(0, -1), words.at(-1)!);
  return [kind, kept, text];
}

Deno.test("the last word of a command line is of the kind that belongs there", async () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["mig ", ["command", "", ""]],
    ["mig st", ["command", "", "st"]],
    ["mig help ", ["command", "", ""]],
    ["mig -q --env prod ", ["command", "", ""]],
    ["mig up ", ["revision", "", ""]],
    ["mig upgrade 3f9a", ["revision", "", "3f9a"]],
    ["mig up 3f9a 91", ["revision", "", "91"]],
    ["mig up -1", ["revision", "", "-1"]],
    ["mig history 3f9a:9", ["revision", "3f9a:", "9"]],
    ["mig history -r ", ["revision", "", ""]],
    ["mig up --sql base:", ["revision", "base:", ""]],
    ["mig graph -f ", ["choice", "", ""]],
    ["mig rebase 3f9a --onto ", ["revision", "", ""]],
    ["mig down 3f9a ", ["nothing", "", ""]],
    ["mig up -", ["flag", "", "-"]],
    ["mig up --fl", ["flag", "", "--fl"]],
    ["mig up --flush ", ["choice", "", ""]],
    ["mig up --flush=r", ["choice", "--flush=", "r"]],
    ["mig up --flush run ", ["revision", "", ""]],
    ["mig up --flush=run ", ["revision", "", ""]],
    ["mig up -e ", ["environment", "", ""]],
    ["mig --env=", ["environment", "--env=", ""]],
    ["mig up -- -", ["revision", "", "-"]],
    ["mig up --nonsense=", ["nothing", "", "--nonsense="]],
    ["mig new ", ["nothing", "", ""]],
    ["mig new x --parent ", ["revision", "", ""]],
    ["mig new x --up ", ["files", "", ""]],
    ["mig new x --template ", ["template", "", ""]],
    ["mig new x --folder ", ["migrations-folder", "", ""]],
    ["mig --migrations=", ["folders", "--migrations=", ""]],
    ["mig check --ignore late,pen", ["choice", "late,", "pen"]],
    ["mig completion ", ["choice", "", ""]],
    ["mig status ", ["nothing", "", ""]],
  ];
  for (const [line, expected] of cases) assertEquals(await request(line), [...expected], line);
});

Deno.test("a flag that stands there is not offered again, unless it may be repeated", async () => {
  const { flags } = await readRequest(["new", "x", "--id=7", "--parent", "a", "-e", "live"], "--");
  const names = flags.map(({ name }) => name);
  assertEquals(["id", "env", "parent", "up"].map((name) => names.includes(name)), [false, false, true, true]);
});

Deno.test("what chooses the project's files is read from the line", async () => {
  const { values } = await readRequest(["--migrations", "a", "up", "-e", "live", "--migrations=b"], "");
  assertEquals(values, { migrations: ["a", "b"], env: "live" });
});

Deno.test("for every flag of every command it is known what completes it", async () => {
  const unknown: string[] = [];
  for (const { name, load } of REGISTRY) {
    const { spec } = await load();
    for (const flag of [...spec.flags, ...GLOBAL_FLAGS]) {
      if (flag.value !== undefined && kindOfFlag(flag) === undefined) {
        unknown.push(`mig ${name} --${flag.name} ${flag.value}`);
      }
    }
  }
  assertEquals(unknown, [], "give it `choices`, or its kind in src/cli/completion/kind.ts");
});

Deno.test("the operands of every command that names revisions are completed", async () => {
  for (const { name, load } of REGISTRY) {
    const { spec } = await load();
    if (/rev|range/.test(spec.operands)) assertEquals(kindOfOperand(spec), "revision", name);
  }
});
