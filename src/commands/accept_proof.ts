/** `mig accept` tries what it records: whether the present text leads where the one that was applied has led. */

import { DraftTexts } from "../engine/draft/draft_texts.ts";
import type { StoredSql } from "../engine/applied_rows.ts";
import type { Chain } from "../engine/chain.ts";
import { proveText, type TextProof } from "../engine/shadow/text_proof.ts";
import type { Revision } from "../revision/revision.ts";
import type { App } from "./app.ts";
import type { Input } from "./command.ts";
import type { AcceptedData } from "./data.ts";
import { differenceLines } from "./difference_lines.ts";

/** What came out, what is told of it, and what is then asked. */
export interface ToldProof {
  readonly proof: NonNullable<AcceptedData["proof"]>;
  readonly lines: readonly string[];
  readonly question: string;
}

/** Replays both texts in the shadow, unless it is told not to. */
export async function proofOfText(
  revision: Revision,
  stored: StoredSql,
  now: StoredSql,
  chain: Chain,
  input: Input,
  app: App,
): Promise<ToldProof> {
  if (input.switches.has("no-proof")) return { proof: "skipped", lines: [], question: RECORD };
  const texts = new DraftTexts(chain.texts);
  await using shadow = await app.openShadow({ ...chain, texts });
  return await told(await proveText(shadow, texts, chain.graph, revision, stored, now));
}

async function told(proof: TextProof): Promise<ToldProof> {
  switch (proof.kind) {
    case "comments":
      return { proof: "equal", lines: ["the statements of up.sql are the same"], question: RECORD };
    case "equal":
      return {
        proof: "equal",
        lines: ["proven: both texts of up.sql lead to the same schema; what they do to rows is not compared"],
        question: RECORD,
      };
    case "unproven":
      return {
        proof: "unproven",
        lines: [
          `warning: whether both texts of up.sql lead to the same schema could not be tried: ${proof.error.message}`,
          ...proof.error.hints.map((hint) => `hint: ${hint}`),
        ],
        question: RECORD,
      };
    case "fails":
      return {
        proof: "fails",
        lines: [
          "the present up.sql fails where the one that was applied works:",
          proof.error.message,
          ...proof.error.locations.map(({ path, line }) =>
            `--> ${path}${line === undefined ? "" : `:${line}`}`
          ),
        ],
        question: ALL_THE_SAME,
      };
    case "differs":
      return {
        proof: "differs",
        lines: [
          `the present up.sql leads to another schema: ${
            proof.differences.map(({ title }) => title).join(", ")
          }`,
          ...await differenceLines(proof.differences, "as it was applied", "as it is now"),
          "nothing of that is done by recording it: what the database lacks belongs into a new revision",
        ],
        question: ALL_THE_SAME,
      };
  }
}

const RECORD = "Record the present text?";
const ALL_THE_SAME = "Record it all the same?";
