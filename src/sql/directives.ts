/** The `-- mig: …` comments at the head of a SQL file. */

import { closest } from "../closest.ts";
import { parseDuration } from "../duration.ts";
import { MigError, type SourceLocation } from "../error.ts";
import { BATCH_FORM } from "./batch.ts";
import { Faults } from "./faults.ts";
import type { Directives, NamedVariable } from "./statement.ts";
import type { Directive } from "./statement_walk.ts";

/**
 * Reads the directives, which stand before the first statement.
 *
 * @param comments those that begin with `-- mig:`
 * @param firstStatement where it begins; undefined where there is none
 * @param locate a place in the file, with so many code points underlined
 * @throws {MigError} `directive-invalid` for an unknown one, a bad value, one that is said twice, or one that comes too late
 */
export function readDirectives(
  comments: readonly Directive[],
  firstStatement: number | undefined,
  path: string,
  locate: (offset: number, length: number) => SourceLocation,
): Directives {
  const faults = new Faults();
  const found = new Map<string, string>();
  const env: NamedVariable[] = [];
  for (const { start, text: comment } of comments) {
    const { name, value } = partsOf(comment);
    // Variables may be named in several lines.
    const again = name === "env" ? env.find((known) => namesIn(value).includes(known.name)) : found.get(name);
    const fault = faultOf(name, value, again !== undefined, start > (firstStatement ?? Infinity));
    if (fault === null) {
      found.set(name, value);
      if (name === "env") {
        env.push(...namesIn(value).map((name) => ({ name, start: placeOf(name, comment, start) })));
      }
    } else {
      const [message, hint] = fault;
      faults.add(() => {
        const place = locate(start, [...comment.trimEnd()].length);
        return new MigError("directive-invalid", message, { locations: [place], hint });
      });
    }
  }
  faults.throwAny((count) => `${count} directives in ${path} are wrong`);
  const timeout = (name: string) => found.has(name) ? parseDuration(found.get(name)!)! : undefined;
  return {
    transaction: !found.has("no-transaction"),
    lockTimeout: timeout("lock-timeout"),
    statementTimeout: timeout("statement-timeout"),
    env,
  };
}

function partsOf(comment: string): { readonly name: string; readonly value: string } {
  const [name = "", ...value] = comment.slice(comment.indexOf(":") + 1).trim().split(/\s+/);
  const given = value.join(" ");
  // The names of variables are the one value in which capitals mean something.
  return name.toLowerCase() === "env"
    ? { name: "env", value: given }
    : { name: name.toLowerCase(), value: given.toLowerCase() };
}

/** Names, with blanks or commas in between. */
function namesIn(value: string): string[] {
  return value.split(/[\s,]+/).filter((name) => name !== "");
}

function placeOf(name: string, comment: string, start: number): number {
  return start + comment.search(new RegExp(`(?<=:.*)\\b${name}\\b`));
}

/** What is wrong with a directive, and what to do. */
function faultOf(name: string, value: string, again: boolean, late: boolean): [string, string] | null {
  const form = FORMS.get(name);
  if (form === undefined) {
    const near = closest(name, FORMS.keys());
    const guess = near === undefined ? "" : `did you mean "${near}"? `;
    return [
      name === "" ? "the directive is empty" : `there is no directive "${name}"`,
      `${guess}mig knows ${[...FORMS.values()].join(", ")}`,
    ];
  }
  if (late) {
    return [`the directive "${name}" stands behind the first statement`, "move it to the head of the file"];
  }
  if (name === "env") return faultOfNames(namesIn(value), again);
  if (again) return [`the directive "${name}" is given twice`, "delete one of them"];
  if (name === "no-transaction") {
    return value === "" ? null : [`the directive "${name}" takes no value`, `write it as: -- mig: ${form}`];
  }
  if (parseDuration(value) !== null) return null;
  const what = value === "" ? "needs a time" : `cannot be "${value}"`;
  return [
    `the directive "${name}" ${what}`,
    `write it as: -- mig: ${form} (units ms, s, min, h, d; "0" is no limit)`,
  ];
}

function faultOfNames(names: readonly string[], again: boolean): [string, string] | null {
  const form = `write it as: -- mig: ${FORMS.get("env")}`;
  if (names.length === 0) return ['the directive "env" names no variable', form];
  const wrong = names.find((name) => !VARIABLE_NAME.test(name));
  if (wrong !== undefined) {
    return [`"${wrong}" is no name of a variable`, `${form}; names have letters, digits and _`];
  }
  return again || new Set(names).size < names.length
    ? ['the directive "env" names a variable twice', "delete one of them"]
    : null;
}

const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

const FORMS = new Map([
  ["no-transaction", "no-transaction"],
  ["lock-timeout", "lock-timeout 5s"],
  ["statement-timeout", "statement-timeout 10min"],
  ["env", "env APP_USER APP_PASSWORD"],
  // Stands before its statement, and is read by batch.ts.
  ["batch", BATCH_FORM],
]);
