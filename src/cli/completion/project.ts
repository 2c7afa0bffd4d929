/** What the files of the project offer. Whatever cannot be read is left out: this is no moment for errors. */

import process from "node:process";
import { type ListedRevision, listRevisions } from "../../storage/list.ts";
import { templateNames } from "../../storage/templates.ts";
import { loadConfig } from "../config/config.ts";
import { readConfigFile } from "../config/file.ts";
import type { Flags } from "../config/lookup.ts";

/** The revisions of the settings' folders, newest first. */
export async function revisionsOf(flags: Flags): Promise<readonly ListedRevision[]> {
  const found = (await settings(flags)).migrations.value.flatMap(listRevisions);
  return found.sort((a, b) => a.folder < b.folder ? 1 : -1);
}

/** The folders of the revisions. */
export async function foldersOf(flags: Flags): Promise<readonly string[]> {
  return (await settings(flags)).migrations.value;
}

/** The templates that have a name. */
export async function templatesOf(flags: Flags): Promise<readonly string[]> {
  return templateNames((await settings(flags)).templates.value);
}

/** The environments of mig.json. */
export async function environments(): Promise<readonly string[]> {
  const file = await readConfigFile(process.cwd());
  return Object.keys(file?.config.environments ?? {});
}

async function settings({ migrations, env }: Flags) {
  // The others may be wrong, or half typed.
  return await loadConfig({ cwd: process.cwd(), env: process.env, flags: { migrations, env } });
}
