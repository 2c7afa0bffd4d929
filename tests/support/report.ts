/** What a command prints, made equal from run to run for golden files. */

import type { TestDatabase } from "./database.ts";
import type { RunResult } from "./mig.ts";
import type { TestProject } from "./project.ts";

/** Both streams as one text. */
export function asText(args: readonly string[], { stdout, stderr }: RunResult): string {
  return `$ mig ${args.join(" ")}\n--- standard error\n${stderr}--- standard output\n${stdout}`;
}

/** What differs from run to run, and what stands for it. */
export function varying(files: TestProject, database: TestDatabase): (readonly [string | RegExp, string])[] {
  const url = new URL(database.url);
  return [
    [database.name, "<database>"],
    [url.host, "<host>"],
    [new RegExp(`//${url.username}(:[^@/]*)?@`, "g"), "//<user>@"],
    [new RegExp(`( by |"appliedBy": ")${url.username}\\b`, "g"), "$1<user>"],
    [files.folder, "<folder>"],
    [/\b[\d.]+ m?s\b/g, "<time>"],
    [/"durationMs": [\d.]+/g, '"durationMs": <number>'],
    [/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, "<date>"],
    [/\d{8}T\d{4}_[0-9a-f]{8}_baseline/g, "<minute>_<id>_baseline"],
    [/[0-9a-f]{8}(?= "baseline")/g, "<id>"],
    [/"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00(:00)?)"/g, '"<date>"'],
    [/PostgreSQL \d+(\.\d+)?/g, "PostgreSQL <version>"],
  ];
}
