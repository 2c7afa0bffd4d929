/** Values of mig.json, and how they are shown. */

/** Whether it is an object of JSON. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A key for people; one that cannot be a name may be a URL that got into the wrong place, and is left out. */
export function quoted(key: string): string {
  return /^[\w .$-]{1,60}$/.test(key) ? `"${key}"` : "here";
}
