/** Takes a revision up, down and up again in the shadow, and compares the schema after each leg. */

import { MigError } from "../../error.ts";
import type { Revision } from "../../revision/revision.ts";
import { differingCatalogs, type Fingerprint } from "./catalog.ts";
import { compareDumps, compareLines, type DumpDifference } from "./dump_text.ts";
import { tryEdgeRows, type VerifyRemark } from "./edge_trial.ts";
import type { RowLoss } from "./row_losses.ts";
import { RowWatch } from "./row_watch.ts";
import type { SampleTable } from "./sample_tables.ts";
import type { Shadow } from "./shadow.ts";

/** Something that a revision does and should not. */
export type VerifyFinding =
  /** A file that fails: `again` is up.sql after down.sql. */
  | { readonly kind: "up-failed" | "down-failed" | "again-failed"; readonly error: MigError }
  /** It works on empty tables, and not with rows in them. */
  | { readonly kind: "rows-refused"; readonly direction: "up" | "down"; readonly error: MigError }
  /** down.sql does not lead back, or up.sql after it does not lead to where it led at first. */
  | { readonly kind: "down-differs" | "again-differs"; readonly difference: DumpDifference }
  | { readonly kind: "rows-lost"; readonly loss: RowLoss };

/** What came of taking a revision up, down and up. */
export interface Walked {
  readonly findings: readonly VerifyFinding[];
  readonly remarks: readonly VerifyRemark[];
}

/** What failed with rows in the tables, and may work without. */
interface Refusal {
  readonly kind: "up-failed" | "down-failed" | "again-failed";
  readonly direction: "up" | "down";
  readonly error: MigError;
}

/** How to verify a revision. */
export interface WalkOptions {
  /** Whether rows are put in before. */
  readonly rows: boolean;
  /** Whether those are tried too that people forget: with NULL, long values, or those of another row. */
  readonly edges: boolean;
  /** What the files of a revision say, by which the tables are found that it may touch. */
  readonly textOf: (revision: Revision) => string;
  /** The version table's name, as configured. */
  readonly table: string;
  /** Gets sentences about tables that no rows could be put into. */
  readonly onEmpty?: (table: string, reason: string) => void;
}

const INTERNAL_ERROR = "XX000";

/** One shadow that goes from revision to revision, and is made anew only where it is not what it should be. */
export class VerifyWalk {
  readonly #shadow: Shadow;
  readonly #options: WalkOptions;
  readonly #watch: RowWatch;
  /** How many revisions it has gone, all of them proven; null where it has to be brought to its place. */
  #place: number | null = null;
  #fingerprint: Fingerprint | null = null;
  /** Whether no revision was verified since it was made anew, so that all rows fit the tables as they are. */
  #fresh = true;

  constructor(shadow: Shadow, options: WalkOptions) {
    this.#shadow = shadow;
    this.#options = options;
    this.#watch = new RowWatch(options.onEmpty);
  }

  async verify(before: readonly Revision[], revision: Revision): Promise<Walked> {
    const { rows } = this.#options;
    await this.goTo(before);
    const fresh = this.#fresh;
    let tried = await this.#attempt(before, revision, rows);
    if (rows && !fresh && tried.refused !== null) {
      // Rows that were there before a column came have no value in it: what an application writes since then has one.
      this.#place = null;
      tried = await this.#attempt(before, revision, rows);
    }
    const { findings, remarks, refused } = tried;
    if (refused === null) return { findings, remarks: withoutFound(remarks, findings) };
    // Whether the rows are to blame is seen without them.
    this.#place = null;
    const second = await this.#attempt(before, revision, false);
    const failed = second.findings.some(({ kind }) => kind === refused.kind);
    const { direction, error } = refused;
    this.#place = null;
    const refusal = { kind: "rows-refused", direction, error } as const;
    return { findings: failed ? second.findings : [refusal, ...second.findings], remarks: [] };
  }

  async #attempt(before: readonly Revision[], revision: Revision, rows: boolean): Promise<{
    readonly findings: readonly VerifyFinding[];
    readonly remarks: readonly VerifyRemark[];
    readonly refused: Refusal | null;
  }> {
    const shadow = this.#shadow, { textOf } = this.#options;
    await this.goTo(before);
    const start = this.#fingerprint ??= await shadow.fingerprint();
    const named = rows ? await shadow.use((session) => this.#watch.begin(session, textOf(revision))) : [];
    const remarks = this.#options.edges ? await this.#remarks(revision, named) : [];
    this.#place = null;
    const fail = (kind: Refusal["kind"], error: MigError) => ({
      findings: [{ kind, error } as const],
      remarks,
      refused: rows ? { kind, direction: directionOf(kind), error } : null,
    });

    const up = await this.#step("up", revision);
    if (up !== null) return fail("up-failed", up);
    const findings: VerifyFinding[] = [];
    if (rows) {
      const losses = await shadow.use((session) => this.#watch.afterUp(session));
      findings.push(...losses.map((loss) => ({ kind: "rows-lost", loss } as const)));
    }
    const top = await this.#read(start, "up", revision);
    if (top instanceof MigError) return fail("up-failed", top);
    let end = top;
    if (revision.reversible) {
      const down = await this.#step("down", revision);
      if (down !== null) return fail("down-failed", down);
      const reached = await this.#read(start, "down", revision);
      if (reached instanceof MigError) return fail("down-failed", reached);
      const differs = await this.#differences("down-differs", start, reached, before);
      findings.push(...differs);
      // To go up again from elsewhere would prove nothing.
      if (differs.length > 0) return { findings, remarks, refused: null };
      if (rows) {
        const losses = await shadow.use((session) => this.#watch.afterDown(session));
        findings.push(...losses.map((loss) => ({ kind: "rows-lost", loss } as const)));
      }
      const again = await this.#step("up", revision);
      if (again !== null) return fail("again-failed", again);
      // What the revision has made is new once more, but the rest is as it was at the start.
      const last = await this.#read(start, "up", revision);
      if (last instanceof MigError) return fail("again-failed", last);
      end = last;
      const others = await this.#differences("again-differs", top, end, [...before, revision]);
      findings.push(...others);
      if (others.length > 0) return { findings, remarks, refused: null };
    }
    this.#place = before.length + 1;
    this.#fresh = false;
    this.#fingerprint = end;
    if (!this.#options.rows) shadow.assume([...before, revision]);
    return { findings, remarks, refused: null };
  }

  /** Nothing of it stays. */
  async #remarks(revision: Revision, tables: readonly SampleTable[]): Promise<readonly VerifyRemark[]> {
    const shadow = this.#shadow;
    const up = tables.length === 0 ? null : shadow.prepared("up", revision);
    if (up === null) return [];
    const trial = { up, down: shadow.prepared("down", revision), tables };
    return await shadow.use((session) => tryEdgeRows(session, trial, this.#options.table), "reads");
  }

  /** Brings it to the state after these. */
  async goTo(revisions: readonly Revision[]): Promise<void> {
    if (this.#place === revisions.length) return;
    // What was not chosen is only applied on the way.
    const walked = this.#place !== null && this.#place < revisions.length &&
      await this.#goOn(revisions.slice(this.#place));
    if (!walked) {
      await this.#shadow.at(revisions);
      this.#watch.forget();
      this.#fresh = true;
    }
    this.#place = revisions.length;
    this.#fingerprint = null;
  }

  /** Rows may be in the way of a revision that nobody asked about: then it is replayed without. */
  async #goOn(revisions: readonly Revision[]): Promise<boolean> {
    for (const revision of revisions) {
      if (await this.#step("up", revision) !== null) return false;
    }
    return true;
  }

  /** PostgreSQL lets go what an expression mentions in ways that it does not look for, and then cannot write that expression. */
  async #read(
    start: Fingerprint,
    direction: "up" | "down",
    { id, message, path }: Revision,
  ): Promise<Fingerprint | MigError> {
    try {
      return await this.#shadow.fingerprint(start);
    } catch (error) {
      if (!(error instanceof MigError) || error.server?.sqlstate !== INTERNAL_ERROR) throw error;
      const text =
        `in the shadow: after ${direction}.sql of revision ${id} "${message}" PostgreSQL cannot write the schema any more`;
      return new MigError(error.code, `${text}: ${error.server.message}`, {
        locations: [{ path: `${path}/${direction}.sql` }],
        server: error.server,
        cause: error,
        hint:
          "something that is still there mentions what is gone, and pg_dump would fail on it too: drop it, or make it anew",
      });
    }
  }

  async #step(direction: "up" | "down", revision: Revision): Promise<MigError | null> {
    try {
      await this.#shadow.step(direction, revision);
      return null;
    } catch (error) {
      if (!(error instanceof MigError) || error.code === "interrupted") throw error;
      return error;
    }
  }

  /** Compares the schema with what it should be, which is replayed anew where the two are not equal. */
  async #differences(
    kind: "down-differs" | "again-differs",
    wanted: Fingerprint,
    reached: Fingerprint,
    revisions: readonly Revision[],
  ): Promise<VerifyFinding[]> {
    const shadow = this.#shadow;
    const catalogs = differingCatalogs(wanted, reached);
    if (catalogs.length === 0) return [];
    const [found, lines] = [await shadow.dump(), await shadow.catalogLines(catalogs)];
    this.#place = null;
    await this.goTo(revisions);
    const [should, shouldLines] = [await shadow.dump(), await shadow.catalogLines(catalogs)];
    const differences = compareDumps(should, found);
    if (differences.length === 0) differences.push(...compareLines(shouldLines, lines));
    return differences.map((difference) => ({ kind, difference }));
  }
}

function directionOf(kind: Refusal["kind"]): "up" | "down" {
  return kind === "down-failed" ? "down" : "up";
}

/** What happens to any row is a finding already. */
function withoutFound(
  remarks: readonly VerifyRemark[],
  findings: readonly VerifyFinding[],
): readonly VerifyRemark[] {
  const keyOf = ({ direction, table, column }: RowLoss) => JSON.stringify([direction, table, column]);
  const found = new Set(
    findings.flatMap((finding) => finding.kind === "rows-lost" ? [keyOf(finding.loss)] : []),
  );
  return remarks.filter((remark) => remark.kind === "refused" || !found.has(keyOf(remark.loss)));
}
