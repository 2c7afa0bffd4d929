/** A setting: its value, and where the value came from. */

import type { SourceLocation } from "../../error.ts";

/** A value and its origin. */
export interface Setting<T> {
  readonly value: T;
  readonly origin: Origin;
}

/** Where a value came from. */
export type Origin =
  /** The command line; the flag's name with its dashes. */
  | { readonly kind: "flag"; readonly name: string }
  /** An environment variable; with a path where it was read from `.env`. */
  | { readonly kind: "variable"; readonly name: string; readonly path?: string; readonly line?: number }
  /** mig.json; the keys that lead to the value. */
  | { readonly kind: "file"; readonly path: string; readonly line: number; readonly keys: readonly string[] }
  /** libpq's variables, such as PGHOST. */
  | { readonly kind: "libpq"; readonly names: readonly string[] }
  | { readonly kind: "default" };

/** The origin for people: `--database`, `DATABASE_URL in .env:3`, `mig.json:4`, `PGHOST and PGUSER`, `default`. */
export function originText(origin: Origin): string {
  switch (origin.kind) {
    case "flag":
      return origin.name;
    case "variable":
      return origin.path === undefined ? origin.name : `${origin.name} in ${origin.path}:${origin.line}`;
    case "file":
      return `${origin.path}:${origin.line}`;
    case "libpq":
      return origin.names.join(" and ");
    case "default":
      return "default";
  }
}

/** The origin as a place in a file, without the line's text, which may hold a password; none where it is no file. */
export function originPlaces(origin: Origin): readonly SourceLocation[] {
  switch (origin.kind) {
    case "variable":
      return origin.path === undefined ? [] : [{ path: origin.path, line: origin.line, note: origin.name }];
    case "file":
      return [{ path: origin.path, line: origin.line, note: `"${origin.keys.at(-1)}"` }];
    case "flag":
    case "libpq":
    case "default":
      return [];
  }
}
