/** Which revision made an object what it is: the chain is replayed, and the object looked at after each revision. */

import type { Revision } from "../../revision/revision.ts";
import { writeName } from "../../sql/identifier.ts";
import type { Session } from "../database.ts";
import { type NamedObject, type Part, readObjects, readParts } from "./parts.ts";
import type { Shadow } from "./shadow.ts";

/** A part, and where it comes from. */
export interface BlamedPart extends Omit<Part, "key"> {
  /** Made it what it is. */
  readonly revision: Revision;
  /** Made it. */
  readonly since: Revision;
  /** The names that it had before, the first one first. */
  readonly formerly: readonly string[];
}

/** What was found. */
export type Blame =
  | {
    readonly kind: "found";
    readonly object: NamedObject;
    /** Which of the names it has. */
    readonly name: WantedName;
    readonly parts: readonly BlamedPart[];
  }
  /** Several objects have the name. */
  | { readonly kind: "ambiguous"; readonly objects: readonly NamedObject[] }
  /** None has, or none has any more. */
  | {
    readonly kind: "missing";
    readonly dropped: { readonly object: NamedObject; readonly by: Revision } | null;
    /** What there is in the end. */
    readonly objects: readonly NamedObject[];
  };

/** A name as somebody typed it. */
export interface WantedName {
  /** Null for any. */
  readonly schema: string | null;
  readonly name: string;
  /** `(integer)`; null for any. */
  readonly suffix: string | null;
}

/**
 * Replays the revisions in this order.
 * @param wanted what the name may mean; the first that there is counts
 */
export async function blame(
  shadow: Shadow,
  order: readonly Revision[],
  wanted: readonly WantedName[],
): Promise<Blame> {
  const earlier = new Set<string>();
  for (;;) {
    const replay = new Replay(wanted, earlier);
    await shadow.at([]);
    // The schema public, and whatever the setup makes, is there before.
    for (const revision of order) {
      await shadow.step("up", revision);
      await shadow.use((session) => replay.look(session, revision), "reads");
    }
    const { found, name } = replay.found();
    if (found.length > 1) return { kind: "ambiguous", objects: found };
    const [object] = found;
    if (object === undefined) {
      return { kind: "missing", dropped: replay.dropped(), objects: replay.objects() };
    }
    // What it was called before is known only now: what it was then has to be looked at in another replay.
    const unseen = replay.namesOf(object).filter((name) => !earlier.has(name));
    if (unseen.length === 0) return { kind: "found", object, name: name!, parts: replay.partsOf(object) };
    for (const name of unseen) earlier.add(name);
  }
}

/** An object's name, as it is written. */
export function objectName({ schema, name, suffix }: NamedObject): string {
  return `${writeName(schema, name)}${suffix}`;
}

interface Traced {
  readonly part: Part;
  readonly revision: Revision;
  readonly since: Revision;
  readonly formerly: readonly string[];
}

class Replay {
  readonly #wanted: readonly WantedName[];
  readonly #earlier: ReadonlySet<string>;
  #objects: readonly NamedObject[] = [];
  readonly #names = new Map<string, Set<string>>();
  readonly #traces = new Map<string, ReadonlyMap<string, Traced>>();
  #dropped: { readonly object: NamedObject; readonly by: Revision } | null = null;

  constructor(wanted: readonly WantedName[], earlier: ReadonlySet<string>) {
    this.#wanted = wanted;
    this.#earlier = earlier;
  }

  async look(session: Session, revision: Revision): Promise<void> {
    const before = this.found().found;
    this.#objects = await readObjects(session);
    const keys = new Set(this.#objects.map(({ key }) => key));
    const gone = before.find(({ key }) => !keys.has(key));
    if (gone !== undefined) this.#dropped = { object: gone, by: revision };
    for (const object of this.#objects) {
      const name = objectName(object);
      const names = this.#names.get(object.key) ?? new Set();
      this.#names.set(object.key, names.add(name));
      if (!this.#wanted.some((wanted) => fits(object, wanted)) && !this.#earlier.has(name)) continue;
      const traces = this.#traces.get(object.key) ?? new Map<string, Traced>();
      this.#traces.set(object.key, traced(traces, await readParts(session, object), revision));
    }
  }

  found(): { readonly found: readonly NamedObject[]; readonly name?: WantedName } {
    for (const name of this.#wanted) {
      const found = this.#objects.filter((object) => fits(object, name));
      if (found.length > 0) return { found, name };
    }
    return { found: [] };
  }

  dropped() {
    return this.#dropped;
  }

  objects(): readonly NamedObject[] {
    return this.#objects;
  }

  /** The names that it had before. */
  namesOf(object: NamedObject): readonly string[] {
    return [...this.#names.get(object.key)!].filter((name) => name !== objectName(object));
  }

  partsOf({ key }: NamedObject): readonly BlamedPart[] {
    return [...this.#traces.get(key)!.values()].map(({ part: { key: _, ...part }, ...trace }) => ({
      ...part,
      ...trace,
    }));
  }
}

function fits({ schema, name, suffix }: NamedObject, wanted: WantedName): boolean {
  return name === wanted.name && (wanted.schema === null || wanted.schema === schema) &&
    (wanted.suffix === null || wanted.suffix === suffix);
}

/** What becomes of the traces of an object's parts when a revision has left these. */
function traced(
  before: ReadonlyMap<string, Traced>,
  parts: readonly Part[],
  revision: Revision,
): ReadonlyMap<string, Traced> {
  return new Map(parts.map((part): [string, Traced] => {
    const last = before.get(part.key);
    if (last === undefined) return [part.key, { part, revision, since: revision, formerly: [] }];
    const renamed = last.part.name !== part.name;
    if (!renamed && last.part.definition === part.definition) return [part.key, { ...last, part }];
    const formerly = renamed ? [...last.formerly, last.part.name] : last.formerly;
    return [part.key, { part, revision, since: last.since, formerly }];
  }));
}
