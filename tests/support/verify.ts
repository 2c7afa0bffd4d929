/** Runs `mig verify` on revisions, in the embedded shadow. */

import { assertEquals } from "@std/assert";
import { mig } from "./mig.ts";
import { project, type RevisionLiteral } from "./project.ts";
import { faultsOf } from "./schemas.ts";

interface Problem {
  readonly kind: string;
  readonly revision: string;
  readonly message: string;
  readonly diff: string | null;
}

/** Verifies all of them; its answer has to fit the schema, and its exit code the findings. */
export async function verify(revisions: readonly RevisionLiteral[], ...args: string[]) {
  await using files = await project(revisions);
  const result = await mig(["verify", "--no-db", "--json", ...args], { cwd: files.folder });
  const answer = JSON.parse(result.stdout);
  assertEquals(faultsOf("verify", answer), []);
  assertEquals(result.code, answer.data.problems.length === 0 ? 0 : 3, result.stderr);
  const problems = answer.data.problems as Problem[];
  const remarks = answer.data.remarks as Problem[];
  return {
    ...result,
    data: answer.data,
    problems,
    remarks,
    /** With the last digit of the revision. */
    kinds: [...problems, ...remarks].map(({ kind, revision }) => `${revision.slice(-1)} ${kind}`),
  };
}

/** A table with checks, and one that refers to it. */
export const USERS: RevisionLiteral = {
  up:
    `create table users (id integer generated always as identity primary key, mail text not null unique check (mail ~ '@'),
    age integer check (age between 18 and 99), mood text check (mood in ('good', 'bad')));`,
  down: "drop table users;",
};
export const PETS: RevisionLiteral = {
  up: "create table pets (id serial primary key, owner integer not null references users, name varchar(20));",
  down: "drop table pets;",
};
