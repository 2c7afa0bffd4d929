/** Connects revisions by their ids and labels, and finds references that lead nowhere. */

import { closest } from "../closest.ts";
import { MigError } from "../error.ts";
import { gitLogOf } from "./drift_hints.ts";
import { placeOf } from "./place.ts";
import { type Revision, type RevisionId, withChanges } from "./revision.ts";
import { several } from "./several.ts";

/** Revisions, and what can be looked up about each. */
export interface Links {
  /** Each revision by its id, the labels in its `dependsOn` replaced by ids. */
  readonly byId: ReadonlyMap<RevisionId, Revision>;
  /** All of them in the order of their ids. */
  readonly sorted: readonly Revision[];
  readonly labels: ReadonlyMap<string, Revision>;
  /** Who has it as a parent. */
  readonly children: ReadonlyMap<RevisionId, readonly Revision[]>;
  /** Who depends on it and does not have it as a parent. */
  readonly dependents: ReadonlyMap<RevisionId, readonly Revision[]>;
}

/**
 * Looks up every reference.
 * @throws {MigError} `revision-duplicate` or `parent-missing`; where there are several faults, one error that has them all
 */
export function linkRevisions(revisions: Iterable<Revision>): Links {
  const faults: MigError[] = [];
  const given = indexById(revisions, faults);
  const labels = indexLabels(given, faults);
  const byId = new Map<RevisionId, Revision>();
  for (const revision of given.values()) byId.set(revision.id, withDependencyIds(revision, given, labels));
  for (const revision of byId.values()) {
    if (!hasAllThatItNeeds(revision, byId)) faults.push(...missingReferences(revision, byId, labels));
  }
  if (faults.length > 0) throw several(faults, "the revisions do not fit together");

  const children = new Map<RevisionId, Revision[]>();
  const dependents = new Map<RevisionId, Revision[]>();
  const sorted = [...byId.values()].sort((a, b) => a.id < b.id ? -1 : 1);
  for (const revision of sorted) {
    for (const parent of revision.parents) append(children, parent, revision);
    for (const needed of revision.dependsOn) {
      if (!revision.parents.includes(needed)) append(dependents, needed, revision);
    }
  }
  // The labels lead to the same objects as the ids.
  const labelled = new Map([...labels].map(([label, { id }]) => [label, byId.get(id)!]));
  return { byId, sorted, labels: labelled, children, dependents };
}

function indexById(revisions: Iterable<Revision>, faults: MigError[]): ReadonlyMap<RevisionId, Revision> {
  const byId = new Map<RevisionId, Revision>();
  for (const revision of revisions) {
    const first = byId.get(revision.id);
    if (first === undefined) byId.set(revision.id, revision);
    else {faults.push(
        duplicate(`two revisions have the id "${revision.id}"`, "id", revision.id, first, revision),
      );}
  }
  return byId;
}

function indexLabels(byId: ReadonlyMap<RevisionId, Revision>, faults: MigError[]): Map<string, Revision> {
  const labels = new Map<string, Revision>();
  for (const revision of byId.values()) {
    for (const label of revision.labels) {
      const first = labels.get(label);
      const sameId = byId.get(label);
      if (first !== undefined) {
        faults.push(duplicate(`two revisions have the label "${label}"`, "labels", label, first, revision));
      } else if (sameId !== undefined) {
        faults.push(
          duplicate(`the label "${label}" is also the id of a revision`, "labels", label, sameId, revision),
        );
      }
      labels.set(label, revision);
    }
  }
  return labels;
}

function duplicate(message: string, key: "id" | "labels", name: string, ...sides: Revision[]): MigError {
  // In the order of the paths, so that the message does not depend on the order of reading.
  const [a, b] = sides.sort((a, b) => a.path < b.path ? -1 : 1).map((side) =>
    placeOf(side, side.id === name ? "id" : key, name, `"${side.message}"`)
  );
  const hint: string | string[] = key === "id"
    ? [
      "are both the same revision, one of them written by `mig restore`? Delete one of the folders",
      "was a folder copied? Give the copy an id of its own in its meta.json, and name it in the `parent` of what follows it",
    ]
    : "choose another label in one of these files";
  return new MigError("revision-duplicate", message, { locations: [a!, b!], hint });
}

function withDependencyIds(
  revision: Revision,
  byId: ReadonlyMap<RevisionId, Revision>,
  labels: ReadonlyMap<string, Revision>,
): Revision {
  if (revision.dependsOn.every((name) => byId.has(name))) return revision;
  return withChanges(revision, { dependsOn: revision.dependsOn.map((name) => labels.get(name)?.id ?? name) });
}

/** Whether all that a revision names is there. */
function hasAllThatItNeeds(
  { parents, dependsOn }: Revision,
  byId: ReadonlyMap<RevisionId, Revision>,
): boolean {
  for (const name of parents) if (!byId.has(name)) return false;
  for (const name of dependsOn) if (!byId.has(name)) return false;
  return true;
}

function* missingReferences(
  revision: Revision,
  byId: ReadonlyMap<RevisionId, Revision>,
  labels: ReadonlyMap<string, Revision>,
): Generator<MigError> {
  const references = [
    ...revision.parents.map((name) => ({ key: "parent", name, verb: "follows" })),
    ...revision.dependsOn.map((name) => ({ key: "depends_on", name, verb: "depends on" })),
  ];
  for (const { key, name, verb } of references) {
    if (byId.has(name)) continue;
    const near = closest(name, key === "parent" ? byId.keys() : [...byId.keys(), ...labels.keys()]);
    const meant = near === undefined ? [] : [`did you mean "${near}"${inQuotes(byId.get(near)?.message)}?`];
    yield new MigError(
      "parent-missing",
      `the revision "${revision.id}" ${verb} "${name}", which is not here`,
      {
        locations: [placeOf(revision, key, name)],
        hint: [
          ...meant,
          `get the folder of "${name}" from its git branch${
            inGit(key, name)
          }, or correct \`${key}\` in this file`,
          "or, where it was applied, write its folder from the database: `mig restore`",
        ],
        data: { revision: revision.id, missing: name },
      },
    );
  }
}

/** `depends_on` may name a label, which no folder has in its name. */
function inGit(key: string, name: string): string {
  const log = key === "parent" ? gitLogOf(name) : null;
  return log === null ? "" : ` (\`${log}\`)`;
}

function inQuotes(message: string | undefined): string {
  return message === undefined ? "" : ` (${message})`;
}

function append(map: Map<RevisionId, Revision[]>, id: RevisionId, revision: Revision): void {
  const list = map.get(id);
  if (list === undefined) map.set(id, [revision]);
  else list.push(revision);
}
