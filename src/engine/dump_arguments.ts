/** What pg_dump is told, whichever it is. */

import type { DumpOptions } from "./database.ts";

/** The arguments for a schema alone. Subscriptions are left out: they hold passwords. */
export function schemaArguments({ exclude, owners, privileges }: DumpOptions): string[] {
  return [
    "--schema-only",
    ...(owners ? [] : ["--no-owner"]),
    ...(privileges ? [] : ["--no-privileges"]),
    "--no-subscriptions",
    "--encoding=UTF8",
    ...exclude.map((table) => `--exclude-table=${table}`),
  ];
}
