/** Messages of PostgreSQL's protocol (manual, "Message Formats"): cutting streams into them, and making a few. */

/** Message types of the client. `d`, `c` and `f` carry COPY data in either direction. */
export const QUERY = 0x51, PARSE = 0x50, EXECUTE = 0x45, SYNC = 0x53, FLUSH = 0x48, TERMINATE = 0x58;
export const COPY_DATA = 0x64, COPY_DONE = 0x63, COPY_FAIL = 0x66;

/** Message types of the server. */
export const ERROR_RESPONSE = 0x45, READY_FOR_QUERY = 0x5a, COPY_IN_RESPONSE = 0x47, BACKEND_KEY_DATA = 0x4b;
export const NOTICE_RESPONSE = 0x4e;

/** The codes of messages that come before, or in the place of, a startup message. */
export const SSL_REQUEST = 80877103, GSS_REQUEST = 80877104, CANCEL_REQUEST = 80877102;

/** Collects chunks that are cut anywhere and gives whole messages, without copying a long message more than once. */
export class MessageReader {
  #chunks: Buffer[] = [];
  #length = 0;

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /**
   * The next whole message, with its header; null until it is there.
   * @param kind whether messages begin with a type, as all do after the startup
   * @throws {RangeError} when its length cannot be true
   */
  next(kind: "startup" | "typed"): Buffer | null {
    const lengthAt = kind === "typed" ? 1 : 0;
    if (this.#length < lengthAt + 4) return null;
    const length = this.#joined(lengthAt + 4).readInt32BE(lengthAt);
    if (length < 4) throw new RangeError(`a message cannot be ${length} bytes long`);
    const whole = lengthAt + length;
    if (this.#length < whole) return null;
    const first = this.#joined(whole);
    this.#length -= whole;
    if (first.length === whole) this.#chunks.shift();
    else this.#chunks[0] = first.subarray(whole);
    return first.subarray(0, whole);
  }

  /** The first chunk, made at least so long. */
  #joined(length: number): Buffer {
    if (this.#chunks[0]!.length < length) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0]!;
  }
}

/** Cuts whole messages apart; what is left at the end is not given. */
export function* messagesIn(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at + 5 <= bytes.length;) {
    const end = at + 1 + bytes.readUInt32BE(at + 1);
    if (end > bytes.length) return;
    yield bytes.subarray(at, end);
    at = end;
  }
}

/** A message with its header. */
export function messageOf(type: number, body: Uint8Array = new Uint8Array()): Buffer {
  const head = Buffer.alloc(5);
  head[0] = type;
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** A Query message. */
export function queryMessage(sql: string): Buffer {
  return messageOf(QUERY, Buffer.from(`${sql}\0`));
}

/** The fields of an ErrorResponse by their one-letter names (manual, "Error and Notice Message Fields"). */
export type ErrorFields = Readonly<Record<string, string>>;

/** Reads an ErrorResponse. */
export function errorFieldsOf(message: Buffer): ErrorFields {
  const fields: Record<string, string> = {};
  for (const field of message.toString("utf8", 5).split("\0")) {
    if (field !== "") fields[field[0]!] = field.slice(1);
  }
  return fields;
}

/** Makes an ErrorResponse. */
export function errorMessage(fields: ErrorFields): Buffer {
  const body = Object.entries(fields).map(([name, value]) => `${name}${value}\0`).join("");
  return messageOf(ERROR_RESPONSE, Buffer.from(`${body}\0`));
}
