/** `mig baseline`, for people. */

import type { BaselineData } from "../commands/data.ts";
import { count } from "./layout.ts";
import { printable, type Style } from "./style.ts";
import { titled } from "./title.ts";

/** What was written, and what it holds. */
export function renderBaseline(data: BaselineData, style: Style): string {
  const { files, source, statements, made } = data;
  return [
    ...files.map((file) => `made   ${printable(file)}`),
    ...(made === null ? [] : [`made   the version table ${printable(made)}`]),
    `Recorded ${titled(data, style)} as applied: ${count(statements, "statement")} from ${
      printable(source)
    }, \
none of which was run`,
    "next: read up.sql, commit the folder, then: mig new",
  ].join("\n");
}
