import { assert, assertEquals } from "@std/assert";
import { checksum, plainChecksum } from "../../../src/revision/checksum.ts";

Deno.test("checksum() is SHA-256 in hexadecimal digits", () => {
  assertEquals(checksum("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  assertEquals(checksum(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});

Deno.test("checksum() is the same with a byte order mark and with the line endings of Windows", () => {
  const text = "create table a ();\ncreate table b ();\n";
  assertEquals(checksum("\uFEFF" + text.replaceAll("\n", "\r\n")), checksum(text));
});

Deno.test("checksum() sees every other change", () => {
  const text = "select 'a\rb';\n";
  for (
    const other of ["select 'a\nb';\n", "select 'a\rb';", "select 'a\rb'; \n", "\n" + text, text + "\uFEFF"]
  ) {
    assert(checksum(other) !== checksum(text), JSON.stringify(other));
  }
});

Deno.test("plainChecksum() is that of the text, or null where bytes alone do not tell", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  for (const text of ["", "abc", "select 'ä \u{1F600}';\\n"]) {
    assertEquals(plainChecksum(bytes(text)), checksum(text));
  }
  for (const text of ["\uFEFFselect 1", "select 1;\r\n", "select 'a\rb'"]) {
    assertEquals(plainChecksum(bytes(text)), null);
  }
});
