import { assert, assertEquals } from "@std/assert";
import { MigError } from "../../../src/error.ts";
import type { ConnectionParameters } from "../../../src/postgres/parameters.ts";
import { describe } from "../../../src/postgres/url.ts";
import { parse, told } from "./literals.ts";

/** A generator of numbers from 0 to 1 that gives the same ones for the same seed. */
function random(seed: number): () => number {
  return () => (seed = (seed * 1664525 + 1013904223) >>> 0) / 2 ** 32;
}

const PIECES = [
  "@",
  ":",
  "/",
  "?",
  "&",
  "=",
  ",",
  "[",
  "]",
  "%",
  "%40",
  "%zz",
  "%00",
  "%ff",
  "#",
  "'",
  "\\",
  " ",
  "+",
  "é",
  "\n",
  "\u{1F418}",
];
const SECRET = "Xq7Vz9KwTOKEN";

/** An error that a person can meet, or parameters; anything else is thrown on. */
function parsed(url: string): ConnectionParameters | MigError {
  try {
    return parse(url);
  } catch (error) {
    if (error instanceof MigError) return error;
    throw new Error(`parsing ${JSON.stringify(url)} crashed`, { cause: error });
  }
}

Deno.test("parseDatabaseUrl() gives parameters or an error for 20,000 mutated URLs", () => {
  const next = random(20261122);
  const pick = <T>(from: readonly T[]) => from[Math.floor(next() * from.length)]!;
  const seeds = [
    "postgres://u:p@h:1/d?sslmode=require&connect_timeout=3",
    "postgresql://[::1]:5/d?options=-csearch_path%3Da",
    "postgres://a:1,b:2/d?target_session_attrs=any",
    "postgres:///d?host=/run/x&port=3",
    "host=h port=1 dbname='a b' password=x\\'y sslmode=prefer",
    "",
  ];
  let fine = 0;
  for (let round = 0; round < 20_000; round++) {
    let url = pick(seeds);
    for (let change = Math.floor(next() * 5); change >= 0; change--) {
      const at = Math.floor(next() * (url.length + 1));
      url = url.slice(0, at) + (next() < 0.7 ? pick(PIECES) : "") + url.slice(at + Math.floor(next() * 3));
    }
    const result = parsed(url);
    if (result instanceof MigError) {
      assertEquals(result.code, "url-invalid", url);
      assert(result.hints.length > 0, url);
      continue;
    }
    fine++;
    assert(result.hosts.length > 0 && result.user !== "" && result.database !== "", url);
    assertEquals(describe(parse(describe(result))), describe(result), url);
  }
  assert(fine > 1000, `only ${fine} were valid`);
});

Deno.test("parseDatabaseUrl() and describe() never show a password of 20,000, encoded or not", () => {
  const next = random(7);
  const pick = <T>(from: readonly T[]) => from[Math.floor(next() * from.length)]!;
  const noise = () =>
    Array.from({ length: Math.floor(next() * 3) }, () => pick([...PIECES, "1", "a"])).join("");
  let accepted = 0;
  for (let round = 0; round < 20_000; round++) {
    const password = noise() + SECRET + noise();
    const raw = next() < 0.6;
    const written = raw ? password : encodeURIComponent(password);
    const url = pick([
      () => `postgres://bob:${written}@db.example:5433/app?sslmode=require`,
      () => `postgres://bob:${written}@db.example/app`,
      () => `postgres:///app?host=/run/pg&user=bob&password=${written}`,
      () => `postgres://h/d?sslpassword=${written}&user=bob`,
      () => `host=h user=bob password='${password.replace(/[\\']/g, "\\$&")}'`,
      () => `host=h user=bob password=${password} dbname=x`,
      () => `pstgres://bob:${written}@h/d`,
      () => `bob:${written}@h/d`,
    ])();
    const result = parsed(url);
    const shown = result instanceof MigError ? told(result) : describe(result) + JSON.stringify(result);
    assert(!shown.includes(SECRET), `${JSON.stringify(url)} shows ${shown}`);
    if (!(result instanceof MigError)) accepted++;
  }
  assert(accepted > 5000, `only ${accepted} were accepted`);
});
