/** Runs the statements of a difference, and finds the order in which they can run. */

import { QueryError, type Session } from "./database.ts";
import type { DifferenceStatement } from "./difference.ts";

/** What came of the statements. */
export interface TriedStatements {
  /** In the order in which they have run. */
  readonly done: readonly DifferenceStatement[];
  readonly failed: readonly FailedStatement[];
}

/** A statement that never could run, and why not. */
export interface FailedStatement {
  readonly statement: DifferenceStatement;
  readonly error: QueryError;
}

/**
 * Runs statements in a database to throw away. What cannot run yet waits until what it needs is done: a dependency that
 * PostgreSQL does not record, such as one in the text of a function, is found by trying.
 */
export async function tryStatements(
  session: Session,
  statements: readonly DifferenceStatement[],
): Promise<TriedStatements> {
  const trial = new Trial(session);
  for (const statement of statements) await trial.add(statement);
  await trial.finish();
  return trial;
}

class Trial implements TriedStatements {
  readonly done: DifferenceStatement[] = [];
  failed: FailedStatement[] = [];
  readonly #session: Session;
  #segment = 0;
  #open = false;

  constructor(session: Session) {
    this.#session = session;
  }

  async add(statement: DifferenceStatement): Promise<void> {
    if (statement.segment > this.#segment) await this.#nextSegment(statement.segment);
    if (await this.#run(statement)) await this.#retry();
  }

  async finish(): Promise<void> {
    if (this.failed.some(({ error }) => error.report?.sqlstate === UNSAFE_USE_OF_NEW_VALUE)) {
      await this.#nextSegment(this.#segment + 1);
      await this.#retry();
    }
    // Functions that call each other: none of them can be the first.
    const body = this.failed.find(({ statement }) => DEFINES_BODY.test(statement.sql));
    if (body !== undefined) {
      const { object } = body.statement;
      const unchecked = { ...SETTING, object, segment: this.#segment };
      if (await this.#run(unchecked)) await this.#retry();
      if (this.done.at(-1) === unchecked) this.done.pop();
    }
    await this.#commit();
  }

  /** Tries again what has failed, as long as that helps. */
  async #retry(): Promise<void> {
    for (let helped = true; helped && this.failed.length > 0;) {
      helped = false;
      const waiting = this.failed;
      this.failed = [];
      for (const { statement } of waiting) {
        if (await this.#run({ ...statement, segment: Math.max(statement.segment, this.#segment) })) {
          helped = true;
        }
      }
    }
  }

  async #run(statement: DifferenceStatement): Promise<boolean> {
    const { sql, outsideTransaction } = statement;
    try {
      if (outsideTransaction) {
        await this.#commit();
        await this.#session.run(sql);
      } else {
        if (!this.#open) await this.#session.run("begin");
        this.#open = true;
        await this.#session.run("savepoint mig_trial");
        await this.#session.run(sql);
        await this.#session.run("release savepoint mig_trial");
      }
    } catch (error) {
      if (!(error instanceof QueryError) || error.report === null) throw error;
      if (this.#open) await this.#session.run("rollback to savepoint mig_trial");
      this.failed.push({ statement, error });
      return false;
    }
    this.done.push(statement);
    return true;
  }

  async #nextSegment(segment: number): Promise<void> {
    await this.#commit();
    this.#segment = segment;
  }

  async #commit(): Promise<void> {
    if (this.#open) await this.#session.run("commit");
    this.#open = false;
  }
}

const UNSAFE_USE_OF_NEW_VALUE = "55P04";
const DEFINES_BODY = /^create (?:or replace )?(?:function|procedure) /i;

/** Lets functions be made whose texts name what is not there yet. */
const SETTING = {
  sql: "set local check_function_bodies = off",
  verb: "alter",
  loss: null,
  refusal: null,
  outsideTransaction: false,
} as const;
