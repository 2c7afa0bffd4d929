/** Stands in for `@std/assert` where jsr.io cannot be reached: the assertions that mig's tests use, over node:assert. */

import nodeAssert, { AssertionError as NodeAssertionError } from "node:assert/strict";

/** What a failed assertion throws. */
export class AssertionError extends NodeAssertionError {
  constructor(message: string) {
    super({ message });
  }
}

// deno-lint-ignore no-explicit-any -- as the package has it: any class will do
type Class<T> = abstract new (...args: any[]) => T;

/** Asserts that a value is truthy. */
export function assert(expression: unknown, message = ""): asserts expression {
  if (!expression) throw new AssertionError(message);
}

/** Asserts that two values are deeply equal. */
export function assertEquals<T>(actual: T, expected: T, message?: string): void {
  nodeAssert.deepStrictEqual(actual, expected, message);
}

/** Asserts that two values are not deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, message?: string): void {
  nodeAssert.notDeepStrictEqual(actual, expected, message);
}

/** Asserts that a value is neither null nor undefined. */
export function assertExists<T>(actual: T, message?: string): asserts actual is NonNullable<T> {
  if (actual === undefined || actual === null) {
    throw new AssertionError(message ?? `Expected a value, got ${String(actual)}`);
  }
}

/** Asserts that a text matches a pattern. */
export function assertMatch(actual: string, expected: RegExp, message?: string): void {
  nodeAssert.match(actual, expected, message);
}

/** Asserts that a text contains another. */
export function assertStringIncludes(actual: string, expected: string, message?: string): void {
  if (actual.includes(expected)) return;
  throw new AssertionError(
    message ?? `Expected ${JSON.stringify(actual)} to contain ${JSON.stringify(expected)}`,
  );
}

/** Asserts that a value is an instance of a class. */
export function assertInstanceOf<T>(
  actual: unknown,
  expected: Class<T>,
  message?: string,
): asserts actual is T {
  if (actual instanceof expected) return;
  throw new AssertionError(message ?? `Expected an instance of ${expected.name}, got ${String(actual)}`);
}

/** Asserts that a function throws, and gives what it threw. */
export function assertThrows(fn: () => unknown): unknown;
export function assertThrows<E extends Error>(fn: () => unknown, errorClass: Class<E>, includes?: string): E;
export function assertThrows(fn: () => unknown, errorClass?: Class<Error>, includes?: string): unknown {
  try {
    fn();
  } catch (error) {
    return checkThrown(error, errorClass, includes);
  }
  throw new AssertionError("Expected function to throw");
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
  let promise: PromiseLike<unknown>;
  try {
    promise = fn();
  } catch {
    throw new AssertionError("Expected function to reject, but it throws");
  }
  try {
    await promise;
  } catch (error) {
    return checkThrown(error, errorClass, includes);
  }
  throw new AssertionError("Expected function to reject");
}

function checkThrown(error: unknown, errorClass?: Class<Error>, includes?: string): unknown {
  if (errorClass === undefined) return error;
  assertInstanceOf(error, errorClass);
  if (includes !== undefined) assertStringIncludes(error.message, includes);
  return error;
}
