/**
 * Messages in flight. They are sent without waiting for the answers to those before them, so that a run costs the
 * server's time and a few round trips, however many statements it has.
 */

import { type Notice, QueryError, type SendResult, type Session } from "./database.ts";

/** The first message of a pipeline that failed; what came after it failed for that reason. */
export class PipelineFailure<Context> extends Error {
  override readonly name = "PipelineFailure";
  constructor(readonly error: QueryError, readonly context: Context) {
    super(error.message, { cause: error });
  }
}

/** One message, and what to know of it should it fail. */
export interface Message<Context> {
  readonly text: string;
  /** All of it, or pieces that are made while they are sent. */
  readonly copyData?: string | Iterable<string>;
  /** Whether `onDone` needs the rows. */
  readonly rows?: boolean;
  readonly context: Context;
}

/** How much may be in flight: enough to fill a slow link, little enough for a small machine. */
const MAX_BYTES = 4 << 20;
const MAX_MESSAGES = 500;

/** Sends messages in order, with a bound on what is in flight. */
export class Pipeline<Context> {
  readonly #session: Session;
  readonly #onNotice: (notice: Notice) => void;
  #inFlight: { readonly settled: Promise<void>; readonly bytes: number }[] = [];
  #bytes = 0;
  #failure: PipelineFailure<Context> | null = null;

  /** @param onNotice gets the notices of each message, before the message's own `onDone` */
  constructor(session: Session, onNotice: (notice: Notice) => void) {
    this.#session = session;
    this.#onNotice = onNotice;
  }

  get busy(): boolean {
    return this.#inFlight.length > 0;
  }

  /**
   * Sends a message once there is room for it. Returns before it is answered.
   *
   * @param onDone is called when it succeeded, in the order of sending
   * @throws {PipelineFailure} when an earlier message has failed; the message is not sent then
   */
  async post(message: Message<Context>, onDone?: (result: SendResult) => void): Promise<void> {
    const { copyData } = message;
    const bytes = message.text.length + (typeof copyData === "string" ? copyData.length : 0);
    while (
      this.#failure === null && this.busy &&
      (this.#bytes + bytes > MAX_BYTES || this.#inFlight.length >= MAX_MESSAGES)
    ) {
      await this.#inFlight[0]!.settled;
    }
    if (this.#failure !== null) throw await this.#settledFailure();
    this.#bytes += bytes;
    const answer = copyData === undefined
      ? (message.rows ? this.#session.send(message.text) : this.#session.run(message.text))
      : this.#session.copyIn(message.text, copyData);
    const settled = this.#settle(answer, this.#inFlight.at(-1)?.settled, message.context, onDone).finally(
      () => {
        this.#bytes -= bytes;
        this.#inFlight.shift();
      },
    );
    this.#inFlight.push({ settled, bytes });
  }

  /**
   * Waits until everything in flight is answered.
   *
   * @throws {PipelineFailure} the first failure since the last drain; the pipeline can be used again
   */
  async drain(): Promise<void> {
    while (this.busy) await this.#inFlight[0]!.settled;
    if (this.#failure !== null) throw await this.#settledFailure();
  }

  /** Takes an answer, after those before it have been taken. */
  async #settle(
    answer: Promise<SendResult>,
    previous: Promise<void> | undefined,
    context: Context,
    onDone: ((result: SendResult) => void) | undefined,
  ): Promise<void> {
    const [result] = await Promise.allSettled([answer, previous]);
    if (result.status === "fulfilled") {
      if (this.#failure !== null) return;
      result.value.notices.forEach(this.#onNotice);
      onDone?.(result.value);
      return;
    }
    if (!(result.reason instanceof QueryError)) throw result.reason;
    if (this.#failure === null) result.reason.notices.forEach(this.#onNotice);
    this.#failure ??= new PipelineFailure(result.reason, context);
  }

  async #settledFailure(): Promise<PipelineFailure<Context>> {
    while (this.busy) await this.#inFlight[0]!.settled;
    const failure = this.#failure!;
    this.#failure = null;
    return failure;
  }
}
