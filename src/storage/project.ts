/** The files of a new project. */

import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { attempt } from "./files.ts";

/** What `createProject()` did. Paths are relative to the folder. */
export interface ProjectFiles {
  readonly created: readonly string[];
  /** What was there already and stays as it is. */
  readonly kept: readonly string[];
}

/**
 * Makes mig.json, migrations/ and lines in .gitignore. Nothing that is there is changed, but for those lines.
 *
 * @throws {MigError} `file-failed`
 */
export function createProject(folder: string): ProjectFiles {
  const created: string[] = [], kept: string[] = [];
  for (const [path, text] of [["mig.json", CONFIG], ["migrations/README.md", README]] as const) {
    if (existsSync(join(folder, path))) {
      kept.push(path);
      continue;
    }
    attempt("write", path, () => {
      mkdirSync(join(folder, path, ".."), { recursive: true });
      writeFileSync(join(folder, path), text, { flag: "wx" });
    });
    created.push(path);
  }
  (ignorePrivate(folder) ? created : kept).push(".gitignore");
  return { created, kept };
}

/** Has git ignore what is of this machine alone; false where it does already. */
function ignorePrivate(folder: string): boolean {
  const path = join(folder, ".gitignore");
  return attempt("write", ".gitignore", () => {
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    const missing = PRIVATE.filter(({ known }) => !known.test(text));
    if (missing.length === 0) return false;
    const newline = text.includes("\r\n") ? "\r\n" : "\n";
    const gap = text === "" || text.endsWith("\n") ? "" : newline;
    const lines = missing.flatMap(({ reason, line }) => [`# ${reason}`, line]);
    appendFileSync(path, gap + lines.map((line) => line + newline).join(""));
    return true;
  });
}

/** What does not belong into a repository, and the lines of a .gitignore that see to it, or that say otherwise on purpose. */
const PRIVATE = [
  { line: ".mig/", known: /^!?\/?\.mig\/?\s*$/m, reason: "the embedded database of mig" },
  {
    line: ".env",
    known: /^!?(\*\*\/|\/)?\.env\*?\s*$/m,
    reason: "settings of this machine, which may hold passwords",
  },
];

const CONFIG = `{
  // The database to work on. DATABASE_URL in the environment, or in a file .env beside this one, goes before it, and is
  // the better place for a password. With nothing set, mig keeps an embedded PostgreSQL in .mig/.
  // "database": "postgres://\${DB_USER}:\${DB_PASSWORD}@localhost:5432/shop",

  // The folder of the revisions.
  "migrations": "migrations",

  // A folder of SQL files for views, functions and grants, applied after \`mig up\` whenever they have changed.
  // "repeatable": "repeatable",

  // Other databases, for \`mig --env staging\`:
  // "environments": { "staging": { "database": "\${STAGING_URL}" } }
}
`;

const README = `# Revisions

Each folder here is a revision: one change of the database, and the way back.

- \`up.sql\` makes the change. mig runs it in one transaction.
- \`down.sql\` takes it back. Without it, the revision cannot be undone.
- \`meta.json\` says which revision it follows: that, and not the folder's name, is what counts.

\`mig new "create users"\` makes one, \`mig up\` applies what is pending, \`mig status\` tells where the database is.
Once a revision is applied somewhere else than on your machine, leave it as it is, and make a new one.
`;
