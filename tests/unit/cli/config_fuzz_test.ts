import { assert } from "@std/assert";
import { checkConfig } from "../../../src/cli/config/rules.ts";
import { chooseDatabase } from "../../../src/cli/config/database.ts";
import { describeConfig } from "../../../src/cli/config/describe.ts";
import { MigError } from "../../../src/error.ts";
import { told } from "../postgres/literals.ts";
import { machine, project } from "./project.ts";

/** A generator of numbers from 0 to 1 that gives the same ones for the same seed. */
function random(seed: number): () => number {
  return () => (seed = (seed * 1664525 + 1013904223) >>> 0) / 2 ** 32;
}

const SECRET = "Xq7Vz9KwTOKEN";

const SEEDS = [
  `{
  "database": "postgres://bob:${SECRET}@db.example:5433/app?sslmode=require",
  "migrations": "migrations",
  "table": "a.b",
  "lock_wait": "5s",
  "environments": { "live": { "database": "host=h user=u password=${SECRET}" } }
}
`,
  `{"environments":{"live":{"table":"x"}},"database":"postgres:///d?password=${SECRET}&host=/run"}`,
  `// settings\n{\n  "database": "\${URL}", // ${SECRET}\n  "lock_timeout": "\${WAIT}",\n}\n`,
];

const PIECES = [
  '"',
  "{",
  "}",
  "[",
  "]",
  ":",
  ",",
  "//",
  "/*",
  "\\",
  "\\u0041",
  "${",
  "${URL}",
  "$${",
  "\n",
  "@",
  "%",
  "null",
  "7",
  "é",
];

Deno.test("loadConfig() gives settings or an error for 3,000 mutated files, and shows no password", async () => {
  const next = random(2026);
  const pick = <T>(from: readonly T[]) => from[Math.floor(next() * from.length)]!;
  await using dir = await project({});
  let sound = 0;
  for (let round = 0; round < 3000; round++) {
    let text = pick(SEEDS);
    for (let change = Math.floor(next() * 4); change > 0; change--) {
      const at = Math.floor(next() * (text.length + 1));
      const gone = Math.floor(next() * 3);
      // The secret itself stays whole, so that it can be looked for.
      if (text.slice(Math.max(0, at - SECRET.length), at + gone + SECRET.length).includes(SECRET)) continue;
      text = text.slice(0, at) + (next() < 0.7 ? pick(PIECES) : "") + text.slice(at + gone);
    }
    await Deno.writeTextFile(`${dir.folder}/mig.json`, text);
    const env = {
      URL: `postgres://u:${SECRET}@h/d`,
      ...(next() < 0.5 ? { MIG_ENV: "live" } : { WAIT: "3s" }),
    };
    try {
      const config = await dir.load({ env });
      sound++;
      assert(!JSON.stringify(describeConfig(config, machine())).includes(SECRET), text);
      chooseDatabase(config, machine());
    } catch (error) {
      if (!(error instanceof MigError)) {
        throw new Error(`crashed over ${JSON.stringify(text)}`, { cause: error });
      }
      assert(!told(error).includes(SECRET), `${text}\nshows ${told(error)}`);
      assert(["config-invalid", "url-invalid"].includes(error.code), error.code);
    }
  }
  assert(sound > 500, `only ${sound} were sound`);
});

Deno.test("checkConfig() gives faults or none for 5,000 random values", () => {
  const next = random(11);
  const pick = <T>(from: readonly T[]) => from[Math.floor(next() * from.length)]!;
  const keys = [
    "database",
    "table",
    "lock_wait",
    "environments",
    "$schema",
    "x",
    "__proto__",
    "constructor",
    "",
  ];
  const value = (depth: number): unknown => {
    const kind = Math.floor(next() * (depth > 3 ? 5 : 8));
    if (kind === 0) return null;
    if (kind === 1) return next() * 100;
    if (kind < 5) return pick(["5s", "", "${X}", "a.b", "postgres://h", "\u0000", "\ud800"]);
    if (kind === 5) return [value(depth + 1)];
    return Object.fromEntries(Array.from({ length: 3 }, () => [pick(keys), value(depth + 1)]));
  };
  for (let round = 0; round < 5000; round++) {
    for (const fault of checkConfig(value(0))) assert(fault.message.length > 0);
  }
});
