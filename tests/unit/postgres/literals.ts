/** Surroundings and errors for the tests of connection parameters. */

import { assert } from "@std/assert";
import { MigError } from "../../../src/error.ts";
import type { ConnectionParameters, Surroundings } from "../../../src/postgres/parameters.ts";
import { parseDatabaseUrl } from "../../../src/postgres/url.ts";

/** A machine with the user `ann`, no local server and nothing in the home folder. */
export function machine(changes: Partial<Surroundings> = {}): Surroundings {
  return {
    env: {},
    user: () => "ann",
    socketFolder: () => undefined,
    certificates: "/home/ann/.postgresql",
    passwordFile: "/home/ann/.pgpass",
    service: () => new Map(),
    ...changes,
  };
}

/** The parameters of a URL on that machine. */
export function parse(url: string, changes: Partial<Surroundings> = {}): ConnectionParameters {
  return parseDatabaseUrl(url, machine(changes));
}

/** The `MigError` that a call throws. */
export function caught(call: () => unknown): MigError {
  try {
    call();
  } catch (error) {
    assert(error instanceof MigError, `threw no MigError but ${error}`);
    return error;
  }
  throw new Error("nothing was thrown");
}

/** The `MigError` that a promise is rejected with. */
export async function rejected(promise: Promise<unknown>): Promise<MigError> {
  try {
    await promise;
  } catch (error) {
    assert(error instanceof MigError, `was rejected with no MigError but ${error}`);
    return error;
  }
  throw new Error("the promise was fulfilled");
}

/** Everything that an error tells a person, in one text. */
export function told(error: MigError): string {
  return JSON.stringify([
    error.message,
    error.hints,
    error.locations,
    error.data,
    error.errors.map((inner) => told(inner)),
  ]);
}
