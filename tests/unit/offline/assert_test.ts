/** What the tests rely on in `@std/assert`: the package itself and its stand-in have to pass alike. */

import {
  assert,
  assertEquals,
  assertInstanceOf,
  AssertionError,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";

class Point {
  #secret: number;
  constructor(readonly x: number, secret = 0) {
    this.#secret = secret;
  }
  get shown(): number {
    return this.#secret;
  }
}

class OtherPoint extends Point {}

const cycle = (name: string) => {
  const value: Record<string, unknown> = { name };
  value.self = value;
  return value;
};

const EQUAL: readonly (readonly [unknown, unknown])[] = [
  [NaN, NaN],
  [0, -0],
  [{ a: 1, b: [2] }, { b: [2], a: 1 }],
  [Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
  [new Date(0), new Date(0)],
  [new Date(NaN), new Date(NaN)],
  [/a/g, /a/g],
  [new URL("http://a"), new URL("http://a/")],
  [new Uint8Array([1, 2]), new Uint8Array([1, 2])],
  [new Map([["a", 1], ["b", 2]]), new Map([["b", 2], ["a", 1]])],
  [new Set([{ a: 1 }, { b: 2 }]), new Set([{ b: 2 }, { a: 1 }])],
  [new Point(1), new Point(1)],
  [cycle("a"), cycle("a")],
];

const UNEQUAL: readonly (readonly [unknown, unknown])[] = [
  [1, "1"],
  [1, 1n],
  [null, undefined],
  [null, {}],
  [{ a: undefined }, {}],
  [{ a: undefined }, { b: undefined }],
  [[1, 2], [2, 1]],
  [[1], [1, 2]],
  [[], {}],
  // deno-lint-ignore no-sparse-arrays -- a hole is no undefined
  [[, 1], [undefined, 1]],
  [new Date(0), new Date(1)],
  [/a/g, /a/],
  [new URL("http://a"), new URL("http://b")],
  [new Uint8Array([1]), new Uint8Array([2])],
  [new Uint8Array([1]), new Int8Array([1])],
  [new Uint8Array([1]).buffer, new Uint8Array([2]).buffer],
  [new Map([["a", 1]]), new Map([["a", 2]])],
  [new Map([[{ a: 1 }, 1]]), new Map([[{ a: 1 }, 2]])],
  [new Set([1, 2]), new Set([1, 3])],
  [new Point(1), new Point(2)],
  [new Point(1), new OtherPoint(1)],
  [new Point(1), { x: 1 }],
  [new Point(1, 5), new Point(1, 6)],
  [new Error("a"), new Error("b")],
  [cycle("a"), cycle("b")],
  [{ [Symbol.iterator]: 1 }, {}],
  [() => {}, () => {}],
];

Deno.test("assertEquals() passes equal values", () => {
  for (const [a, b] of EQUAL) assertEquals(a, b);
});

Deno.test("assertEquals() throws an AssertionError for unequal ones", () => {
  for (const [a, b] of UNEQUAL) {
    assertThrows(() => assertEquals(a, b), AssertionError, "Values are not equal.\n");
    assertThrows(() => assertEquals(b, a), AssertionError);
  }
});

Deno.test("assertEquals() shows what differs, below the message that it was given", () => {
  const { message, name } = assertThrows(
    () => assertEquals({ city: "Rome" }, { city: "Oslo" }, "at the end"),
    AssertionError,
    "Values are not equal: at the end\n",
  );
  assertEquals(name, "AssertionError");
  assertMatch(message, /Rome[^]*Oslo/);
});

Deno.test("the assertions of one value pass it, or throw an AssertionError that shows it", () => {
  assert("x");
  assertMatch("abc", /b/);
  assertStringIncludes("abc", "bc");
  assertInstanceOf(new OtherPoint(1), Point);
  assertThrows(() => assert(0, "no rows"), AssertionError, "no rows");
  assertThrows(() => assertMatch("abc", /d/), AssertionError, 'Expected actual: "abc" to match: "/d/".');
  assertThrows(
    () => assertStringIncludes("abc", "d", "the hint"),
    AssertionError,
    'Expected actual: "abc" to contain: "d": the hint',
  );
  assertThrows(
    () => assertInstanceOf(new Point(1), OtherPoint),
    AssertionError,
    'instance of "OtherPoint" but was "Point".',
  );
  assertThrows(() => assertInstanceOf(null, Point), AssertionError, 'instance of "Point" but was "null".');
});

/** How a function ends, as assertThrows() and assertRejects() see it. */
type Ending = () => unknown;

const fail = (error: unknown): Ending => () => {
  throw error;
};

/** What both say alike. */
const THROWN: readonly (readonly [how: string, ending: Ending, complaint: string])[] = [
  ["that does not fail", () => 1, "Expected function to"],
  ["another class", fail(new Error("bad")), 'be instance of "TypeError", but was "Error".'],
  ["another text", fail(new TypeError("good")), 'to include "bad", but got "good".'],
  ["what is no error", fail("bad"), "A non-Error object was"],
];

Deno.test("assertThrows() gives what was thrown", () => {
  const error = new TypeError("bad luck");
  assert(assertThrows(fail(error)) === error);
  assert(assertThrows(fail(error), Error, "bad") === error);
  assert(assertThrows(fail("text")) === "text");
});

Deno.test("assertRejects() gives what a promise was rejected with", async () => {
  const error = new TypeError("bad luck");
  assert(await assertRejects(() => Promise.reject(error)) === error);
  assert(await assertRejects(() => Promise.reject(error), Error, "bad") === error);
});

for (const [how, ending, complaint] of THROWN) {
  Deno.test(`assertThrows() and assertRejects() do not pass ${how}`, async () => {
    assertThrows(() => assertThrows(ending, TypeError, "bad"), AssertionError, complaint);
    const promise = async () => await ending();
    await assertRejects(() => assertRejects(promise, TypeError, "bad"), AssertionError, complaint);
  });
}

Deno.test("assertRejects() does not pass a function that throws, or gives no promise", async () => {
  for (const ending of [fail(new TypeError("bad")), () => 1, () => null]) {
    await assertRejects(
      () => assertRejects(ending as () => Promise<unknown>, TypeError, "bad"),
      AssertionError,
      "Function throws when expected to reject.",
    );
  }
});
