/** Notices an UPDATE that is repeated and changes the same rows again and again: more rows than its table has. */

import { targetOf } from "../sql/batch.ts";
import { quoteLiteral } from "../sql/quote.ts";
import type { SqlStatement } from "../sql/statement.ts";
import { QueryError, type Session } from "./database.ts";

/** So many rows may be changed before the table is looked at. */
const ALWAYS_FINE = 1000;
/** Others may insert meanwhile. */
const SLACK = 1.1;

/** Watches one statement. */
export class BatchWatch {
  readonly #session: Session;
  /** The table as SQL; null where nothing is to be watched. */
  readonly #table: string | null;
  #enough = ALWAYS_FINE;
  #estimated = false;

  constructor(statement: SqlStatement, session: Session) {
    this.#session = session;
    const watched = statement.batch!.rounds === null && /^update\b/i.test(statement.text);
    this.#table = watched ? targetOf(statement) : null;
  }

  /**
   * The number of rows in the table, where more than these have been changed; null where all is well. The table is counted
   * only once what the planner knows of it (`pg_class.reltuples`) is not enough.
   */
  async exceeded(changed: number): Promise<number | null> {
    while (this.#table !== null && changed > this.#enough) {
      const counted = this.#estimated;
      const size = counted ? await this.#ask(`select count(*) as size from ${this.#table}`) : await this.#ask(
        `select reltuples::bigint as size from pg_catalog.pg_class where oid = ${
          quoteLiteral(this.#table.replace(/^only /, ""))
        }::regclass`,
      );
      this.#estimated = true;
      // Where it cannot be counted, for want of time or of a privilege, this is no reason to stop the work.
      this.#enough = size === null && counted ? 2 * changed : Math.max(ALWAYS_FINE, (size ?? 0) * SLACK);
      if (counted) return changed > this.#enough ? size : null;
    }
    return null;
  }

  async #ask(question: string): Promise<number | null> {
    try {
      const { rows: [row] } = await this.#session.send(question);
      return row?.size == null ? null : Number(row.size);
    } catch (error) {
      if (error instanceof QueryError && error.report !== null && error.report.severity === "ERROR") {
        return null;
      }
      throw error;
    }
  }
}
