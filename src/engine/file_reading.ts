/** Reads the statements of a step: those of a file in memory, or of a large one while it is read. */

import { transactionControl } from "../sql/classify.ts";
import type { SqlStatement } from "../sql/statement.ts";
import { readLargeScript, type ReadStatement } from "../sql/stream/script.ts";
import type { OnEvent, StepName } from "./event.ts";
import { isLarge, type LargeStep, type PreparedStep } from "./prepared_step.ts";

/** A statement to run. */
export interface RunStatement extends SqlStatement {
  /** Data of a COPY that is read from a large file while it is sent, in place of `copyData`. */
  readonly data?: Iterable<string>;
}

/** Whether a file has savepoints. */
export function hasSavepoints(step: PreparedStep): boolean {
  return isLarge(step)
    ? step.script.savepoints
    : step.script.statements.some((statement) => transactionControl(statement) === "savepoint");
}

/**
 * The statements of a step, in order. Data that is not read to its end before the next statement is asked for is lost.
 *
 * @throws {MigError} `file-failed` when a large file is not the one that was checked, at its end at the latest
 */
export function statementsIn(step: PreparedStep, name: StepName, run: Listener): Iterable<RunStatement> {
  return isLarge(step) ? read(step, name, run) : step.script.statements;
}

/** Who is told of the reading, and may stop it. */
interface Listener {
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
}

function* read(
  { script, path, direction }: LargeStep,
  step: StepName,
  { onEvent, signal }: Listener,
): Generator<RunStatement> {
  const total = script.file.bytes;
  let told = 0;
  const tell = ({ bytesRead }: ReadStatement) => {
    const bytes = bytesRead();
    if (bytes - told < TOLD_BYTES) return;
    told = bytes;
    onEvent({ type: "file-progress", step, bytes, total });
  };
  for (const statement of readLargeScript(script, path, direction)) {
    tell(statement);
    const { text, start, end, line, data } = statement;
    const plain = { text, start, end, line };
    yield data === undefined
      ? plain
      : { ...plain, ...gathered(following(data, () => tell(statement), signal)) };
  }
}

/** Tells how far it is with each piece, and ends when the user stops the run: all of it is rolled back then. */
function* following(data: Iterable<string>, tell: () => void, signal: AbortSignal): Generator<string> {
  for (const piece of data) {
    if (signal.aborted) return;
    yield piece;
    tell();
  }
}

/** What is short is sent like any other data, without waiting for what is in flight. */
function gathered(data: Generator<string>): Pick<RunStatement, "data" | "copyData"> {
  let text = "";
  while (text.length < SHORT_DATA) {
    const { value, done } = data.next();
    if (done) return { copyData: text };
    text += value;
  }
  return {
    data: (function* () {
      yield text;
      yield* data;
    })(),
  };
}

/** How often is told how far a file is read, in bytes. */
const TOLD_BYTES = 1 << 20;
/** UTF-16 units. */
const SHORT_DATA = 1 << 20;
