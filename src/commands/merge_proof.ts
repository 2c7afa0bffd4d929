/** `mig merge` proves that the branches fit together before it joins them. */

import type { Chain } from "../engine/chain.ts";
import { type MergeProof, proveMerge } from "../engine/shadow/merge_proof.ts";
import type { Revision } from "../revision/revision.ts";
import type { App } from "./app.ts";
import type { Input } from "./command.ts";
import type { MergeData } from "./data.ts";
import { differenceLines } from "./difference_lines.ts";

/**
 * Replays both orders, and asks where they do not lead to the same.
 *
 * @throws {MigError} `interrupted` when the answer is no, `usage` where nobody can be asked
 */
export async function proofOfMerge(
  heads: readonly Revision[],
  chain: Chain,
  input: Input,
  app: App,
): Promise<MergeData["proof"]> {
  if (input.switches.has("no-proof")) return "skipped";
  await using shadow = await app.openShadow(chain);
  const proof = await proveMerge(shadow, chain.graph, heads.map(({ id }) => id));
  switch (proof.kind) {
    case "equal":
      return "equal";
    case "unproven":
      app.show([
        `warning: whether the branches fit together could not be tried: ${proof.error.message}`,
        ...proof.error.hints.map((hint) => `hint: ${hint}`),
      ]);
      return "unproven";
    case "order":
    case "differs": {
      const lines = await clashLines(proof);
      if (input.switches.has("yes")) app.show(lines);
      else await app.confirm("Join them all the same?", lines, { proof: "clash" });
      return "clash";
    }
  }
}

async function clashLines(proof: Extract<MergeProof, { kind: "order" | "differs" }>): Promise<string[]> {
  if (proof.kind === "order") {
    return [
      `the branches clash: after ${proof.first}, ${proof.then} cannot be applied${
        proof.other === "fails" ? ", nor the other way round" : ""
      }`,
      proof.error.message,
      ...proof.error.locations.map(({ path, line }) => `--> ${path}${line === undefined ? "" : `:${line}`}`),
      "what mends that belongs into one of the branches, while it is not applied anywhere: databases come from either",
    ];
  }
  const { differences } = proof;
  return [
    `the branches clash on ${
      differences.map(({ title }) => title).join(", ")
    }: it depends on which is applied first`,
    ...await differenceLines(differences, "one order", "the other"),
    "write into the up.sql of the merge what makes it the same on every database",
  ];
}
