/** The `-- mig: …` comments at the head of a SQL file. */

import { closest } from "../closest.ts";
import { parseDuration } from "../duration.ts";
import { MigError, type SourceLocation } from "../error.ts";
import { Faults } from "./faults.ts";
import type { Directives } from "./statement.ts";
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
  for (const { start, text: comment } of comments) {
    const { name, value } = partsOf(comment);
    const fault = faultOf(name, value, found.has(name), start > (firstStatement ?? Infinity));
    if (fault === null) found.set(name, value);
    else {
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
  };
}

function partsOf(comment: string): { readonly name: string; readonly value: string } {
  const [name = "", ...value] = comment.slice(comment.indexOf(":") + 1).trim().toLowerCase().split(/\s+/);
  return { name, value: value.join(" ") };
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

const FORMS = new Map([
  ["no-transaction", "no-transaction"],
  ["lock-timeout", "lock-timeout 5s"],
  ["statement-timeout", "statement-timeout 10min"],
]);
