/** What `assertEquals` of `@std/assert` takes for equal. It is not quite what node:assert does: 0 is -0, for one. */

/** Whether two values are deeply equal. */
export function equal(a: unknown, b: unknown): boolean {
  return new Comparison().equal(a, b);
}

class Comparison {
  /** What is being compared, so that a cycle comes to an end. */
  readonly #seen = new Map<object, object>();

  equal(a: unknown, b: unknown): boolean {
    if (a === b || Object.is(a, b)) return true;
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
    if (a instanceof Date && b instanceof Date) return Object.is(a.getTime(), b.getTime());
    if (classOf(a) !== classOf(b)) return false;
    if (ArrayBuffer.isView(a) && !(a instanceof DataView)) return equalNumbers(a, b as typeof a);
    if (a instanceof ArrayBuffer) return equalNumbers(new Uint8Array(a), new Uint8Array(b as ArrayBuffer));
    if (a instanceof RegExp || a instanceof URL || a instanceof URLSearchParams) {
      return String(a) === String(b);
    }
    if (this.#seen.get(a) === b) return true;
    if (Object.keys(a).length !== Object.keys(b).length) return false;
    this.#seen.set(a, b);
    if (a instanceof Map || a instanceof Set) return this.#equalEntries(a, b as typeof a);
    return propertiesOf(a).union(propertiesOf(b)).values().every((key) =>
      key in a && key in b && this.equal(a[key as keyof typeof a], b[key as keyof typeof b])
    );
  }

  /** In whatever order. */
  #equalEntries(a: Entries, b: Entries): boolean {
    if (a.size !== b.size) return false;
    const others = [...b.entries()];
    return a.entries().every((entry) => others.some((other) => this.equal(entry, other)));
  }
}

type Entries = Map<unknown, unknown> | Set<unknown>;

/** An object without a prototype is as good as one with that of all. */
function classOf(value: object): unknown {
  return Object.getPrototypeOf(value) ?? Object.prototype;
}

function equalNumbers(a: ArrayBufferView, b: ArrayBufferView): boolean {
  const [left, right] = [a, b] as unknown as ArrayLike<unknown>[];
  return left!.length === right!.length &&
    Array.prototype.every.call(left, (value, i) => value === right![i] || Object.is(value, right![i]));
}

/** Of a class's instance also what is not enumerable, and what its class gives it, such as getters. */
function propertiesOf(value: object): Set<string | symbol> {
  const keys = new Set<string | symbol>();
  const isPlain = Array.isArray(value) || classOf(value) === Object.prototype;
  if (isPlain) return new Set(Reflect.ownKeys({ ...value }));
  for (
    let from = value;
    from !== null && from !== Object.prototype && from !== Array.prototype;
    from = Object.getPrototypeOf(from)
  ) for (const key of Reflect.ownKeys(from)) keys.add(key);
  return keys;
}
