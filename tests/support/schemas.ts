/** The JSON Schemas of what `--json` prints, docs/schemas. */

import { Ajv2020 } from "npm:ajv@8.17.1/dist/2020.js";
import { ROOT } from "./mig.ts";

const FOLDER = `${ROOT}docs/schemas/`;

/** A schema as it stands in its file. */
export interface Schema {
  readonly $id: string;
  readonly title: string;
  readonly description: string;
  // deno-lint-ignore no-explicit-any -- tests look into parts of it
  readonly [keyword: string]: any;
}

/** All of them, by the names of their files without .json. */
export const SCHEMAS: ReadonlyMap<string, Schema> = await readSchemas();

const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true });
for (const schema of SCHEMAS.values()) ajv.addSchema(schema);

/** What is wrong with an answer by the schema of a command, or by `envelope`; empty where nothing is. */
export function faultsOf(name: string, answer: unknown): string[] {
  const validate = ajv.getSchema(SCHEMAS.get(name)!.$id)!;
  if (validate(answer)) return [];
  return validate.errors!.map(({ instancePath, message, params }) =>
    `${instancePath} ${message} ${JSON.stringify(params)}`
  );
}

async function readSchemas(): Promise<Map<string, Schema>> {
  const found = new Map<string, Schema>();
  for await (const { name } of Deno.readDir(FOLDER)) {
    found.set(name.replace(/\.json$/, ""), JSON.parse(await Deno.readTextFile(`${FOLDER}${name}`)));
  }
  return found;
}
