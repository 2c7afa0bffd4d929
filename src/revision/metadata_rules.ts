/** The rules for the value of a meta.json, once it is parsed. */

import { closest } from "../closest.ts";
import type { Metadata } from "./metadata.ts";

/** Something in a meta.json that is not as it must be. */
export interface MetadataFault {
  /** The key, and in a list the index; empty where the whole file is meant. */
  readonly at: readonly (string | number)[];
  /** Whether the key itself is the fault, rather than its value. */
  readonly key?: true;
  readonly message: string;
  readonly hint?: string;
}

/** Words that mean something where a revision is named, so that no revision and no label can be called so. */
export const RESERVED_WORDS: readonly string[] = ["head", "heads", "base", "current"];

const KEYS = ["id", "parent", "message", "labels", "depends_on"] as const;
const REQUIRED = ["id", "parent", "message"] as const;
const KNOWN: ReadonlySet<string> = new Set(KEYS);

/** The metadata that a JSON value stands for, or everything that is wrong with it. */
export function checkMetadata(
  value: unknown,
): { readonly metadata: Metadata } | { readonly faults: readonly MetadataFault[] } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { faults: [{ at: [], message: "meta.json must hold one object in braces", hint: EXAMPLE }] };
  }
  const found = value as Readonly<Record<string, unknown>>;
  const faults: MetadataFault[] = hasTheKeys(found) ? [] : [...unknownKeys(found), ...missingKeys(found)];
  const names = (key: "parent" | "labels" | "depends_on") => nameList(found[key], key, faults);
  const [id] = "id" in found ? nameList(found.id, "id", faults) : [""];
  const metadata = {
    id: id ?? "",
    parents: names("parent"),
    dependsOn: names("depends_on"),
    labels: names("labels"),
    message: String(found.message),
  };
  if ("message" in found && typeof found.message !== "string") {
    faults.push({ at: ["message"], message: `"message" must be a string` });
  } else if (CONTROL.test(metadata.message)) {
    faults.push({ at: ["message"], message: `"message" must be one line without control characters` });
  }
  return faults.length > 0 ? { faults } : { metadata };
}

const NAME = /^[a-z0-9_-]*$/i;
const CONTROL = /\p{Cc}/u;

/** What is wrong with a revision's id or a label, as the end of a sentence; null where nothing is. */
export function nameFault(name: string): string | null {
  if (name === "") return "must not be empty";
  if (name.length > 64) return `must have at most 64 characters; it has ${name.length}`;
  if (!NAME.test(name)) return 'must hold only the letters a to z, digits, "_" and "-"';
  if (name.startsWith("-")) return 'must not begin with "-"';
  if (RESERVED_WORDS.includes(name.toLowerCase())) {
    return `is a word of mig's own (${RESERVED_WORDS.join(", ")})`;
  }
  return null;
}

const EXAMPLE = `write for example {"id": "3f9a1c2b", "parent": null, "message": "create users"}`;

/** Whether there are all keys that must be there, and no others. */
function hasTheKeys(found: Readonly<Record<string, unknown>>): boolean {
  for (const key in found) if (!KNOWN.has(key)) return false;
  return "id" in found && "parent" in found && "message" in found;
}

function* unknownKeys(found: Readonly<Record<string, unknown>>): Generator<MetadataFault> {
  for (const key of Object.keys(found)) {
    if ((KEYS as readonly string[]).includes(key)) continue;
    const meant = ALIASES[key.toLowerCase()] ?? closest(key, KEYS);
    const known = KEYS.map((known) => `"${known}"`).join(", ");
    yield {
      at: [key],
      key: true,
      message: `"${key}" is not a key of meta.json`,
      hint: meant === undefined ? `the keys are ${known}` : `did you mean "${meant}"? The keys are ${known}`,
    };
  }
}

/** What people who know Alembic or read mig's own words will write. */
const ALIASES: Readonly<Record<string, string>> = {
  revision: "id",
  down_revision: "parent",
  parents: "parent",
  branch_labels: "labels",
  label: "labels",
  dependson: "depends_on",
};

function* missingKeys(found: Readonly<Record<string, unknown>>): Generator<MetadataFault> {
  for (const key of REQUIRED) {
    if (key in found) continue;
    const hint = key === "parent" ? `the first revision of a chain has "parent": null` : EXAMPLE;
    yield { at: [], message: `"${key}" is missing`, hint };
  }
}

/** A name, a list of names, or where it may be left out null, as a list in lower case. */
function nameList(
  value: unknown,
  key: "id" | "parent" | "labels" | "depends_on",
  faults: MetadataFault[],
): readonly string[] {
  if (key !== "id" && (value === null || value === undefined)) return [];
  if (typeof value === "string") return [checkName(value, [key], faults)];
  if (key === "id" || !Array.isArray(value)) {
    faults.push({ at: [key], message: `"${key}" must be ${EXPECTED[key]}` });
    return [];
  }
  const names: string[] = [];
  for (const [index, item] of value.entries()) {
    if (typeof item !== "string") {
      faults.push({ at: [key, index], message: `"${key}" must be ${EXPECTED[key]}` });
      continue;
    }
    const name = checkName(item, [key, index], faults);
    if (names.includes(name)) faults.push({ at: [key, index], message: `"${key}" names "${item}" twice` });
    names.push(name);
  }
  return names;
}

const EXPECTED = {
  id: "a string",
  parent: "null, an id, or a list of ids",
  labels: "a label or a list of labels",
  depends_on: "an id or a list of ids",
};

function checkName(name: string, at: readonly (string | number)[], faults: MetadataFault[]): string {
  const fault = nameFault(name);
  if (fault !== null) {
    faults.push({ at, message: `the ${NOUN[at[0] as keyof typeof NOUN]} "${name}" ${fault}` });
  }
  return name.toLowerCase();
}

const NOUN = { id: "id", parent: "parent", labels: "label", depends_on: "revision" };
