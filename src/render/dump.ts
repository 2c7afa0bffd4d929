/** `mig dump`, for people and for files. */

import type { DumpData } from "../commands/data.ts";
import { printable } from "./style.ts";

/** The schema as it is, or where it was written to. */
export function renderDump({ schema, output, changed, program }: DumpData): string {
  if (schema !== null) return schema.trimEnd();
  const file = printable(output!);
  return changed ? `Wrote ${file}, read by ${program}` : `Nothing to do: ${file} is the schema already`;
}
