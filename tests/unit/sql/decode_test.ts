import { assertEquals, assertStringIncludes } from "@std/assert";
import { decodeSql } from "../../../src/sql/decode.ts";
import { faultOf, placeOf } from "./faults.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const bytes = (...parts: (string | number)[]) =>
  Uint8Array.from(parts.flatMap((part) => typeof part === "number" ? [part] : [...utf8(part)]));
const utf16 = (text: string, littleEndian: boolean) =>
  Uint8Array.from([...text].flatMap((c) => littleEndian ? [c.charCodeAt(0), 0] : [0, c.charCodeAt(0)]));

Deno.test("decodeSql() reads UTF-8, and takes a byte order mark away", () => {
  assertEquals(decodeSql(utf8("select 'é😀';\r\n"), "up.sql"), "select 'é😀';\r\n");
  assertEquals(decodeSql(bytes(0xef, 0xbb, 0xbf, "select 1"), "up.sql"), "select 1");
  assertEquals(decodeSql(bytes(0xef, 0xbb, 0xbf), "up.sql"), "");
  assertEquals(decodeSql(new Uint8Array(), "up.sql"), "");
});

Deno.test("decodeSql() names UTF-16 as PowerShell writes it, with or without a byte order mark", () => {
  const texts = [
    bytes(0xff, 0xfe, ...utf16("select 1;", true)),
    bytes(0xfe, 0xff, ...utf16("select 1;", false)),
    utf16("select 1;", true),
    utf16("select 1;", false),
    bytes(0xff, 0xfe),
  ];
  for (const text of texts) {
    const error = faultOf(() => decodeSql(text, "m/up.sql"));
    assertEquals(error.code, "sql-unreadable");
    assertEquals(error.message, "m/up.sql is encoded in UTF-16, and mig reads UTF-8");
    assertEquals(error.locations, [{ path: "m/up.sql", line: 1, column: 1 }]);
    assertStringIncludes(error.hints.join(), "PowerShell");
    assertStringIncludes(error.hints.join(), "iconv -f utf-16 -t utf-8");
  }
});

Deno.test("decodeSql() names UTF-32", () => {
  for (const mark of [[0xff, 0xfe, 0, 0], [0, 0, 0xfe, 0xff]]) {
    assertStringIncludes(faultOf(() => decodeSql(bytes(...mark, "s"), "up.sql")).message, "UTF-32");
  }
});

Deno.test("decodeSql() shows where Latin-1 begins", () => {
  const error = faultOf(() => decodeSql(bytes("select 1;\nselect 'ö caf", 0xe9, "';\n"), "up.sql"));
  assertEquals(error.code, "sql-unreadable");
  assertEquals(error.message, "the byte 0xe9 here is not UTF-8");
  assertEquals(placeOf(error), "2:14");
  assertEquals(error.locations[0]!.excerpt, "select 'ö caf\ufffd';");
  assertStringIncludes(error.hints.join(), "iconv -f latin1");
});

Deno.test("decodeSql() finds the first byte of every kind of ill-formed sequence", () => {
  const faults: [number[], number][] = [
    [[0x80], 0], // a continuation without a beginning
    [[0xc0, 0x80], 0], // NUL in two bytes
    [[0xc3], 0], // cut off
    [[0xc3, 0x28], 0],
    [[0xe2, 0x82], 0],
    [[0xe0, 0x9f, 0x80], 0], // longer than it need be
    [[0xed, 0xa0, 0x80], 0], // half of a surrogate pair
    [[0xf0, 0x8f, 0x80, 0x80], 0],
    [[0xf4, 0x90, 0x80, 0x80], 0], // beyond Unicode
    [[0xf5, 0x80, 0x80, 0x80], 0],
    [[0xff], 0],
    [[0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xff], 3],
  ];
  for (const [sequence, characters] of faults) {
    const error = faultOf(() => decodeSql(bytes("ab\n ", ...sequence, ";;"), "up.sql"));
    assertEquals(placeOf(error), `2:${2 + characters}`, String(sequence));
  }
});

Deno.test("decodeSql() counts columns without the byte order mark", () => {
  assertEquals(placeOf(faultOf(() => decodeSql(bytes(0xef, 0xbb, 0xbf, "ab", 0xff), "up.sql"))), "1:3");
});

Deno.test("decodeSql() refuses NUL characters", () => {
  const error = faultOf(() => decodeSql(bytes("select 1;\n select", 0, " 2;"), "up.sql"));
  assertEquals(error.code, "sql-unreadable");
  assertEquals(placeOf(error), "2:8");
});
