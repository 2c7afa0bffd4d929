/** The user's editor, as git and Alembic find it: VISUAL, else EDITOR. */

import { spawn } from "node:child_process";
import process from "node:process";
import type { Editor } from "../commands/app.ts";
import { MigError } from "../error.ts";

/**
 * The editor that the environment names. A `.env` file does not count: it comes with a project, and must not choose a
 * program to run.
 * @throws {MigError} `config-invalid` where none is set
 */
export function openEditor(env: Readonly<Record<string, string | undefined>>): Editor {
  const variable = ["VISUAL", "EDITOR"].find((name) => env[name]?.trim());
  if (variable === undefined) {
    throw new MigError("config-invalid", "no editor is set: VISUAL and EDITOR are empty", {
      hint: ['set one, for example EDITOR="code --wait"', "or open the files yourself"],
    });
  }
  const command = env[variable]!;
  return {
    async edit(paths, again) {
      const failed = (how: string, cause?: unknown) =>
        new MigError("editor-failed", `the editor ${how} (${variable}=${command})`, {
          hint: `the files stay as they are; correct ${variable}, and \`mig edit ${again}\` opens them again`,
          locations: paths.map((path) => ({ path })),
          cause,
        });
      const { code, signal } = await run(command, paths).catch((cause) => {
        throw failed(`cannot be started: ${cause instanceof Error ? cause.message : cause}`, cause);
      });
      // The codes of a POSIX shell, and of cmd.exe.
      if (code === 127 || code === 9009) throw failed("was not found");
      if (signal !== null) throw failed(`was ended by ${signal}`);
      if (code !== 0) throw failed(`failed with exit code ${code}`);
    },
  };
}

interface End {
  readonly code: number | null;
  readonly signal: string | null;
}

/** By way of the shell, for the variable holds a command line: `code --wait`, `"/a path/edit" -n`. */
function run(command: string, paths: readonly string[]): Promise<End> {
  const [file, args] = process.platform === "win32"
    ? [`${command} ${paths.map((path) => `"${path}"`).join(" ")}`, []]
    : ["sh", ["-c", `${command} "$@"`, "sh", ...paths]];
  // Standard output is mig's answer; where that goes to a file or a pipe, what the editor says belongs beside it.
  const output = process.stdout.isTTY ? "inherit" : process.stderr;
  return new Promise((resolve, reject) => {
    const child = spawn(file as string, args as string[], {
      stdio: ["inherit", output, "inherit"],
      shell: process.platform === "win32",
    });
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
}
