/** `mig new --auto` and `--down-auto`: revisions whose SQL mig writes. */

import type { Chain } from "../engine/chain.ts";
import { type Draft, draftDown, type DraftMaker, draftWays } from "../engine/draft/draft.ts";
import { draftRevision, DraftTexts } from "../engine/draft/draft_texts.ts";
import type { ProvenDifference } from "../engine/find_difference.ts";
import type { Shadow } from "../engine/shadow/shadow.ts";
import { MigError } from "../error.ts";
import type { Revision, RevisionId } from "../revision/revision.ts";
import type { App, NewRevision } from "./app.ts";
import type { FlagSpec, Input } from "./command.ts";
import type { DraftedFile } from "./data.ts";
import { desiredDatabase, desiredFiles } from "./desired.ts";
import { draftFaults, faultsOf } from "./proof_faults.ts";
import { chooseRenames, RENAME_FLAGS } from "./renames.ts";
import { scriptsAt } from "./repeatables.ts";
import { SHADOW_FLAGS } from "./verify.ts";

/** The flags of `mig new` with which it writes the SQL. */
export const AUTO_FLAGS: readonly FlagSpec[] = [
  {
    name: "auto",
    alias: "autogenerate",
    summary: "Write the SQL that leads to schema.sql, and back; proven",
  },
  {
    name: "from",
    value: "PATH",
    summary: "With --auto: a SQL file, or a folder of them, instead of schema.sql",
  },
  { name: "from-db", value: "URL", summary: "With --auto: a database that has it; `database` is your own" },
  ...RENAME_FLAGS,
  { name: "down-auto", summary: "With --up: write down.sql, from what up.sql does; proven" },
  ...SHADOW_FLAGS,
];

/** What was written, as people are told of it; `texts` is null where there is nothing to do. */
export interface Drafted {
  readonly from: string;
  readonly to: string | null;
  readonly up: DraftedFile | null;
  readonly down: DraftedFile | null;
  readonly texts: { readonly up: string; readonly down: string | null } | null;
}

/** Refuses flags that say different things. */
export function refuseMisfits({ switches, values, lists }: Input): void {
  const auto = switches.has("auto");
  const refuse = (message: string, hint: string) => {
    throw new MigError("usage", message, { hint });
  };
  const given = ["up", "down", "template"].find((name) => name in values);
  if (auto && given !== undefined) {
    refuse(`--auto writes the SQL, and --${given} gives it`, "leave one of them out");
  }
  if (auto && switches.has("down-auto")) {
    refuse("--auto writes down.sql too", "leave --down-auto out");
  }
  if (auto && "from" in values && "from-db" in values) {
    refuse("--from and --from-db say different things", "leave one of them out");
  }
  const alone = ["from", "from-db"].find((name) => name in values) ??
    (lists.rename === undefined ? switches.has("no-renames") ? "no-renames" : undefined : "rename");
  if (!auto && alone !== undefined) refuse(`--${alone} needs --auto`, 'as in: mig new --auto "phone number"');
  if (!switches.has("down-auto")) return;
  if (!("up" in values)) {
    refuse(
      "--down-auto needs the up.sql that is to be taken back",
      "give it: --up FILE; of a revision that is there, `mig draft-down` writes it",
    );
  }
  if ("down" in values) refuse("--down-auto writes down.sql, and --down gives it", "leave one of them out");
}

/** Writes both files: from the parents' schema to the one that is wanted. */
export async function draftAuto(
  wanted: Pick<NewRevision, "message" | "parents" | "dependsOn">,
  input: Input,
  chain: Chain,
  app: App,
): Promise<Drafted> {
  const { values } = input;
  const to = values["from-db"] === undefined
    ? await desiredFiles(values.from, app)
    : await desiredDatabase(values["from-db"], app);
  const { before, name } = startOf(wanted, chain);
  const scripts = await scriptsAt(before, chain, app);
  const renames = chooseRenames(input, app);
  const texts = new DraftTexts(chain.texts);
  await using shadow = await app.openShadow({ ...chain, texts });
  const draft = await draftWays(
    await makerOf(shadow, texts, app),
    draftRevision(wanted.parents, wanted.message),
    { kind: "revisions", revisions: before, ...scripts },
    { ...to.source, ...scripts },
    renames.given,
    renames.choose,
  );
  renames.refuseUnused();
  return draftedOf(draft, name, to.name, `mig diff ${wanted.parents[0] ?? "base"} ${to.name}`);
}

/** Says what became of a draft, and refuses one of which the way there is not proven. */
export function draftedOf(draft: Draft, from: string, to: string, look: string): Drafted {
  const { there, back, files, fault } = draft;
  const faults = [...faultsOf(there), ...fault?.direction === "up" ? draftFaults(fault) : []];
  if (faults.length > 0) throw notProven(`what leads from ${from} to ${to}`, faults, look);
  const downFaults = back === null ? [] : [...faultsOf(back), ...fault === null ? [] : draftFaults(fault)];
  return {
    from,
    to,
    up: fileOf(there, []),
    down: back === null ? null : fileOf(back, downFaults),
    texts: files === null ? null : { up: files.up, down: downFaults.length === 0 ? files.down : null },
  };
}

/**
 * Writes down.sql for an up.sql that was given.
 * @param up its text, and what the user calls it
 */
export async function draftDownOf(
  wanted: Pick<NewRevision, "message" | "parents" | "dependsOn">,
  up: { readonly text: string; readonly path: string },
  chain: Chain,
  app: App,
): Promise<Drafted> {
  const { before, name } = startOf(wanted, chain);
  const texts = new DraftTexts(chain.texts, up.path);
  await using shadow = await app.openShadow({ ...chain, texts });
  const drafted = await draftDown(
    await makerOf(shadow, texts, app),
    draftRevision(wanted.parents, wanted.message),
    up.text,
    before,
  );
  const { down, file } = downFile(drafted);
  return { from: name, to: null, up: null, down: file, texts: { up: up.text, down } };
}

/** A down.sql that was drafted; its text is null where it is not proven. */
export function downFile(
  { back, down, fault }: Awaited<ReturnType<typeof draftDown>>,
): { readonly down: string | null; readonly file: DraftedFile } {
  const faults = [...faultsOf(back), ...fault === null ? [] : draftFaults(fault)];
  return { down: faults.length > 0 ? null : down, file: fileOf(back, faults) };
}

/** What drafts are made with. */
export async function makerOf(shadow: Shadow, texts: DraftTexts, app: App): Promise<DraftMaker> {
  return { shadow, texts, table: app.table, differ: await app.openDiffer() };
}

/** What is applied before a new revision. */
function startOf(
  { parents, dependsOn = [] }: Pick<NewRevision, "parents" | "dependsOn">,
  { graph }: Chain,
): { readonly before: readonly Revision[]; readonly name: string } {
  const ids: readonly RevisionId[] = [...parents, ...dependsOn];
  return {
    before: graph.sort(graph.ancestors(ids)),
    name: parents.length === 0 ? "base" : parents.join(" and "),
  };
}

/** What people are told of statements. */
export function fileOf(
  { difference: { cannot, roles }, proof }: ProvenDifference,
  faults: readonly string[],
): DraftedFile {
  return { statements: proof.statements, cannot, roles, faults };
}

function notProven(what: string, faults: readonly string[], look: string): MigError {
  const [first, ...others] = faults;
  return new MigError("not-proven", `${what} is not proven, and nothing was written: ${first}`, {
    hint: [
      ...others.slice(0, 5),
      `\`${look}\` prints the statements: take what is right with \`mig new "…" --up FILE\``,
    ],
    data: { faults },
  });
}
