/** Problems as GitHub Actions shows them beside the lines of a pull request ("Workflow commands for GitHub Actions"). */

import type { Problem } from "../commands/data.ts";

/** The line that makes an annotation of a problem. */
export function annotation(
  { kind, revision, message, location, hints }: Problem,
  level: "error" | "warning" = "error",
): string {
  const properties = [
    ...location === null ? [] : [`file=${property(location.path)}`],
    ...location?.line == null ? [] : [`line=${location.line}`],
    ...location?.column == null ? [] : [`col=${location.column}`],
    `title=${property(revision === null ? kind : `${kind} ${revision}`)}`,
  ];
  return `::${level} ${properties.join(",")}::${
    text([message, ...hints.map((hint) => `hint: ${hint}`)].join("\n"))
  }`;
}

function text(value: string): string {
  return value.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(value: string): string {
  return text(value).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
