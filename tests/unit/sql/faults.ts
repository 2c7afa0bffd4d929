/** What the tests of this folder ask of errors. */

import { assert } from "@std/assert";
import { MigError } from "../../../src/error.ts";

/** The error that is thrown, which has to be a `MigError`. */
export function faultOf(act: () => unknown): MigError {
  try {
    act();
  } catch (error) {
    if (error instanceof MigError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

/** Where the error says that it is: `line:column`, and what is underlined. */
export function placeOf(error: MigError): string {
  const [place] = error.locations;
  assert(place !== undefined, error.message);
  const { line, column, excerpt, length } = place;
  const marked = excerpt === undefined || length === undefined
    ? ""
    : ` ${[...excerpt].slice(column! - 1, column! - 1 + length).join("")}`;
  return `${line}:${column}${marked}`;
}
