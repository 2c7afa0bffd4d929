/** The README's tour is run, and prints what it says. */

import { assertEquals } from "@std/assert";
import { freshDatabase } from "../support/database.ts";
import { ROOT } from "../support/mig.ts";
import { project } from "../support/project.ts";

Deno.test({
  name: "the README's tour prints what the README says",
  ignore: Deno.build.os === "windows",
  async fn() {
    const readme = await Deno.readTextFile(`${ROOT}README.md`);
    const tour = /<!-- tour[^>]*-->\n+```console\n([^]*?)```/.exec(readme)![1]!;
    const folder = await Deno.makeTempDir({ prefix: "mig-tour-" });
    const printed = await play(tour, folder);
    await Deno.remove(folder, { recursive: true });
    assertEquals(normalise(printed), normalise(tour));
  },
});

Deno.test({
  name: "autogenerate, drift and blame print what the README says",
  ignore: Deno.build.os === "windows",
  async fn() {
    const readme = await Deno.readTextFile(`${ROOT}README.md`);
    const written = (command: string) =>
      [...readme.matchAll(/```console\n([^]*?)```/g)].map(([, text]) => text!)
        .find((text) => text.startsWith(`$ ${command}`))!;
    await using database = await freshDatabase();
    const env = { DATABASE_URL: database.url };
    await using files = await project([{
      message: "create users",
      up: `create type mood as enum ('sad', 'ok');
        create table users (
          id int generated always as identity primary key, mail text not null, phone text, mood mood default 'ok'
        );`,
      down: "drop table users; drop type mood;",
    }]);
    await files.write(
      "schema.sql",
      `create type mood as enum ('sad', 'ok');
       create table users (
         id int generated always as identity primary key, email text not null, mood mood default 'ok',
         created timestamptz default now()
       );
       create index users_email on users (email);`,
    );
    const compare = async (command: string) => {
      const text = written(command);
      assertEquals(normalise(await play(text, files.folder, env)), normalise(text));
    };
    await compare("mig new --auto");
    await play("$ mig up\n", files.folder, env);
    await database.query("alter table users add column note text; create index hotfix on users (mood)");
    await compare("mig drift");
    await compare("mig blame users");
  },
});

Deno.test("the README lists every command, with its other names", async () => {
  const readme = await Deno.readTextFile(`${ROOT}README.md`);
  const listed = [...readme.matchAll(/^\| `mig ([a-z-]+)[^`]*`(?: \(`([a-z]+)`\))? +\|/gm)]
    .map(([, name, alias]) => [name, alias ?? ""].join(" ").trim());
  const { REGISTRY } = await import("../../src/commands/registry.ts");
  assertEquals(listed, REGISTRY.map(({ name, aliases }) => [name, ...aliases].join(" ")));
});

/** Runs the commands of a session at a terminal, and gives what it then looks like. */
async function play(
  session: string,
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  let printed = "";
  for (const [, command] of session.matchAll(/^\$ (.*)$/gm)) {
    const { stdout } = await new Deno.Command("bash", {
      args: ["-c", `${command} 2>&1`],
      cwd,
      clearEnv: true,
      env: { PATH: `${ROOT}dist:${Deno.env.get("PATH")}`, HOME: cwd, ...env },
    }).output();
    printed += `$ ${command}\n${new TextDecoder().decode(stdout)}`;
  }
  return printed;
}

/** Replaces what differs from run to run; ids by their order, so that the same one stays the same. */
function normalise(text: string): string {
  const ids: string[] = [];
  return text
    .replaceAll(/\d{8}T\d{4}_/g, "MINUTE_")
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, "TIME")
    .replaceAll(/\b[\d.]+ m?s\b/g, "DURATION")
    .replaceAll(/\bpostgres:\/\/\S+/g, "DATABASE")
    .replaceAll(/(?<![0-9a-f])[0-9a-f]{8}(?![0-9a-f])/g, (id) => {
      if (!ids.includes(id)) ids.push(id);
      return `ID${ids.indexOf(id) + 1}`;
    });
}
