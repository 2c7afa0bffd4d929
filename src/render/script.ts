/** `mig up --sql` and `mig down --sql`, for people and for psql. */

import type { ScriptData } from "../commands/data.ts";
import { count } from "./layout.ts";
import { printable } from "./style.ts";

/** The script as it is, for no byte of it may change; or where it was written to. */
export function renderScript({ script, output, steps, repeatable, transaction }: ScriptData): string {
  if (script !== null) return script.trimEnd();
  const file = printable(output!);
  const way = transaction === "one" ? "-1 -f" : "-f";
  const scripts = repeatable.length === 0 ? "" : ` and ${count(repeatable.length, "repeatable script")}`;
  return `Wrote ${file}: ${
    count(steps.length, "revision")
  }${scripts}\nrun it with: psql ${way} ${file} DATABASE`;
}
