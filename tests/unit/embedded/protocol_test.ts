import { Buffer } from "node:buffer";
import { assertEquals, assertThrows } from "@std/assert";
import {
  errorFieldsOf,
  errorMessage,
  messageOf,
  MessageReader,
  messagesIn,
  queryMessage,
} from "../../../src/embedded/protocol.ts";

const MESSAGES = [queryMessage("select 1"), messageOf(0x53), queryMessage("x".repeat(5000)), messageOf(0x48)];

function readAll(reader: MessageReader): Buffer[] {
  const messages: Buffer[] = [];
  for (let message; (message = reader.next("typed")) !== null;) messages.push(message);
  return messages;
}

Deno.test("MessageReader gives whole messages however the stream is cut", () => {
  const stream = Buffer.concat(MESSAGES);
  for (const size of [1, 2, 3, 5, 7, 64, 4096, stream.length]) {
    const reader = new MessageReader();
    const read: Buffer[] = [];
    for (let at = 0; at < stream.length; at += size) {
      reader.push(stream.subarray(at, at + size));
      read.push(...readAll(reader));
    }
    assertEquals(read, MESSAGES, `chunks of ${size} bytes`);
  }
});

Deno.test("MessageReader reads a startup message, which has no type, and then those which have", () => {
  const reader = new MessageReader();
  const startup = Buffer.from([0, 0, 0, 8, 0, 3, 0, 0]);
  reader.push(Buffer.concat([startup, MESSAGES[0]!]));
  assertEquals(reader.next("startup"), startup);
  assertEquals(reader.next("typed"), MESSAGES[0]!);
  assertEquals(reader.next("typed"), null);
});

Deno.test("MessageReader refuses a length that cannot be true", () => {
  const reader = new MessageReader();
  reader.push(Buffer.from([0x51, 0, 0, 0, 3]));
  assertThrows(() => reader.next("typed"), RangeError);
});

Deno.test("messagesIn() cuts messages apart and leaves a beginning alone", () => {
  const stream = Buffer.concat(MESSAGES);
  assertEquals([...messagesIn(stream)], MESSAGES);
  assertEquals([...messagesIn(stream.subarray(0, -1))], MESSAGES.slice(0, -1));
  assertEquals([...messagesIn(Buffer.alloc(0))], []);
});

Deno.test("errorFieldsOf() reads what errorMessage() writes", () => {
  const fields = { S: "FATAL", V: "FATAL", C: "57P02", M: "größer" };
  assertEquals(errorFieldsOf(errorMessage(fields)), fields);
});
