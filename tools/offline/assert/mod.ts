/** Stands in for `@std/assert` where jsr.io cannot be reached: the assertions that mig's tests use. */

import { AssertionError as NodeAssertionError } from "node:assert";
import { equal } from "./equal.ts";

/** What a failed assertion throws. */
export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

// deno-lint-ignore no-explicit-any -- as the package has it: any class will do
type Class<T> = abstract new (...args: any[]) => T;

/** Asserts that a value is truthy. */
export function assert(expression: unknown, message = ""): asserts expression {
  if (!expression) throw new AssertionError(message);
}

/** Asserts that two values are deeply equal. */
export function assertEquals<T>(actual: T, expected: T, message?: string): void {
  if (equal(actual, expected)) return;
  const { message: difference } = new NodeAssertionError({ actual, expected, operator: "deepStrictEqual" });
  throw new AssertionError(`Values are not equal${suffix(message)}\n${difference}`);
}

/** Asserts that a text matches a pattern. */
export function assertMatch(actual: string, expected: RegExp, message?: string): void {
  if (expected.test(actual)) return;
  throw new AssertionError(`Expected actual: "${actual}" to match: "${expected}"${suffix(message)}`);
}

/** Asserts that a text contains another. */
export function assertStringIncludes(actual: string, expected: string, message?: string): void {
  if (actual.includes(expected)) return;
  throw new AssertionError(`Expected actual: "${actual}" to contain: "${expected}"${suffix(message)}`);
}

/** Asserts that a value is an instance of a class. */
export function assertInstanceOf<T>(
  actual: unknown,
  expected: Class<T>,
  message?: string,
): asserts actual is T {
  if (actual instanceof expected) return;
  throw new AssertionError(
    `Expected object to be an instance of "${expected.name}" but was "${classOf(actual)}"${suffix(message)}`,
  );
}

/** Asserts that a function throws, and gives what it threw. */
export function assertThrows(fn: () => unknown): unknown;
export function assertThrows<E extends Error>(fn: () => unknown, errorClass: Class<E>, includes?: string): E;
export function assertThrows(fn: () => unknown, errorClass?: Class<Error>, includes?: string): unknown {
  try {
    fn();
  } catch (error) {
    return checkedError("thrown", error, errorClass, includes);
  }
  throw new AssertionError("Expected function to throw.");
}

/** Asserts that a function's promise is rejected, and gives the reason. */
export function assertRejects(fn: () => PromiseLike<unknown>): Promise<unknown>;
export function assertRejects<E extends Error>(
  fn: () => PromiseLike<unknown>,
  errorClass: Class<E>,
  includes?: string,
): Promise<E>;
export async function assertRejects(
  fn: () => PromiseLike<unknown>,
  errorClass?: Class<Error>,
  includes?: string,
): Promise<unknown> {
  let promise: PromiseLike<unknown> | null = null;
  try {
    promise = fn();
  } catch {
    // To throw is no promise either.
  }
  if (typeof promise?.then !== "function") {
    throw new AssertionError("Function throws when expected to reject.");
  }
  try {
    await promise;
  } catch (error) {
    return checkedError("rejected", error, errorClass, includes);
  }
  throw new AssertionError("Expected function to reject.");
}

function checkedError(
  how: "thrown" | "rejected",
  error: unknown,
  errorClass: Class<Error> | undefined,
  includes = "",
): unknown {
  if (errorClass === undefined) return error;
  if (!(error instanceof Error)) throw new AssertionError(`A non-Error object was ${how}.`);
  if (!(error instanceof errorClass)) {
    throw new AssertionError(
      `Expected error to be instance of "${errorClass.name}", but was "${classOf(error)}".`,
    );
  }
  if (!error.message.includes(includes)) {
    const [wanted, got] = [includes, error.message].map((text) => JSON.stringify(text));
    throw new AssertionError(`Expected error message to include ${wanted}, but got ${got}.`);
  }
  return error;
}

function classOf(value: unknown): string {
  if (value === null) return "null";
  return typeof value === "object" ? value.constructor?.name ?? "Object" : typeof value;
}

function suffix(message: string | undefined): string {
  return message ? `: ${message}` : ".";
}
