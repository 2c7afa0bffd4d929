/** The templates of a project: what up.sql and down.sql of a new revision begin with (Alembic's script.py.mako). */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { closest } from "../closest.ts";
import { MigError } from "../error.ts";
import { placeAt } from "../revision/place.ts";
import {
  type Fields,
  fillIn,
  placeholderFault,
  placeholdersOf,
  TEMPLATE_TERMS,
} from "../revision/placeholders.ts";
import type { Direction } from "../revision/revision.ts";
import { UNWRITTEN } from "../revision/unwritten.ts";
import { several } from "../revision/several.ts";
import { decodeSql } from "../sql/decode.ts";
import { attempt, linkTarget } from "./files.ts";

/** Where the templates of a project are. */
export interface TemplatesFolder {
  /** As the user would type it. */
  readonly path: string;
  /** Whether somebody named it, so that it must be there. */
  readonly required: boolean;
}

/** Gives the text of a new file, its placeholders filled in. */
export type Templates = (direction: Direction, fields: Fields) => string;

/**
 * Reads the templates: a file of the named sub-folder, else of the templates' folder itself, else mig's own.
 * @param name the sub-folder; undefined for none
 * @throws {MigError} `folder-missing`, `usage` for a name that is not there, `template-invalid` with every placeholder
 * that is unknown, `file-failed`, `sql-unreadable`
 */
export function readTemplates({ path, required }: TemplatesFolder, name?: string): Templates {
  if (required && linkTarget(path) !== "folder") {
    throw new MigError("folder-missing", `the templates folder "${path}" does not exist`, {
      hint: "make it, or correct `templates` in mig.json",
      locations: [{ path }],
    });
  }
  if (name !== undefined) refuseUnknown(path, name);
  const folders = name === undefined ? [path] : [`${path}/${name}`, path];
  const faults: MigError[] = [];
  const texts = { up: readTemplate(folders, "up", faults), down: readTemplate(folders, "down", faults) };
  if (faults.length > 0) throw several(faults, "cannot use the templates");
  return (direction, fields) => {
    const text = texts[direction];
    return text === null ? UNWRITTEN[direction] : fillIn(text, fields);
  };
}

function readTemplate(folders: readonly string[], direction: Direction, faults: MigError[]): string | null {
  const path = folders.map((folder) => `${folder}/${direction}.sql`).find((path) => existsSync(path));
  if (path === undefined) return null;
  const text = decodeSql(attempt("read", path, () => readFileSync(path)), path);
  for (const placeholder of placeholdersOf(text)) {
    const fault = placeholderFault(placeholder, TEMPLATE_TERMS);
    if (fault === null) continue;
    faults.push(
      new MigError("template-invalid", fault.message, {
        locations: [placeAt(text, placeholder, path)],
        hint: [fault.hint, `or write \\${placeholder.text} for the text itself`],
      }),
    );
  }
  return text;
}

function refuseUnknown(path: string, name: string): void {
  const names = templateNames(path);
  if (names.includes(name)) return;
  const near = closest(name, names);
  const others = names.length === 0
    ? `make the folder ${path}/${name} with an up.sql and a down.sql`
    : `the templates in ${path} are ${names.join(", ")}`;
  throw new MigError("usage", `there is no template "${name}"`, {
    hint: near === undefined ? others : [`did you mean "${near}"?`, others],
  });
}

/** The names of the templates in a folder, sorted; none where it is not there. */
export function templateNames(path: string): string[] {
  if (linkTarget(path) !== "folder") return [];
  return attempt("read", path, () => readdirSync(path, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();
}
