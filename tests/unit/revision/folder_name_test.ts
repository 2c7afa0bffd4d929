import { assertEquals, assertMatch } from "@std/assert";
import {
  DEFAULT_FOLDER_NAME,
  folderName,
  folderNameFault,
  patternFault,
} from "../../../src/revision/folder_name.ts";
import { fieldsOf } from "../../../src/revision/placeholders.ts";

const NOW = new Date("2026-11-22T22:05:09.999Z");

function named(message: string, pattern = DEFAULT_FOLDER_NAME, id = "3f9a1c2b"): string {
  return folderName(pattern, fieldsOf({ id, message, parents: [], dependsOn: [], labels: [] }, NOW));
}

Deno.test("folderName() stays inside the folder and is a name on every system, whatever the message", () => {
  assertEquals(named("../../etc/passwd"), "20261122T2205_3f9a1c2b_etc_passwd");
  assertEquals(named("con"), "20261122T2205_3f9a1c2b_con");
  for (const message of ["a\nb", 'x"; rm -rf /', "*?<>|:", "nul", ".", "{{id}}", "$&"]) {
    assertMatch(named(message), /^[0-9T]+_[a-z0-9_]+$/);
  }
});

Deno.test("folderName() knows the parts of the time in UTC", () => {
  const pattern = "{{date}}_{{hour}}{{ minute }}{{second}}-{{epoch}}.{{id}}";
  assertEquals(named("x", pattern), "2026-11-22_220509-1795385109.3f9a1c2b");
});

Deno.test("folderName() leaves out an empty slug with what joins it", () => {
  assertEquals(named("電話"), "20261122T2205_3f9a1c2b");
  assertEquals(named("電話", "{{slug}}_{{id}}"), "3f9a1c2b");
  assertEquals(named("電話", "{{year}}-{{slug}}-{{id}}"), "2026-3f9a1c2b");
  assertEquals(named("電話", "{{id}}{{slug}}"), "3f9a1c2b");
});

Deno.test("patternFault() accepts what gives a legal name of its own to every revision", () => {
  for (
    const pattern of [DEFAULT_FOLDER_NAME, "{{id}}", "{{date}}_{{ id }}_{{slug}}", "V{{epoch}}-{{id}}.d"]
  ) {
    assertEquals(patternFault(pattern), null, pattern);
  }
});

Deno.test("patternFault() says what is wrong with a pattern, and which piece", () => {
  const told = (pattern: string) => {
    const fault = patternFault(pattern)!;
    return `${fault.message} @ ${fault.piece ?? ""}`;
  };
  assertEquals(told("{{date}}_{{slug}}"), "has no {{id}}, so two revisions could get the same folder @ ");
  assertEquals(told("{{id}}_{{slog}}"), "has the placeholder {{slog}}, which is unknown @ {{slog}}");
  assertEquals(told("{{id}}_{{message}}"), "has the placeholder {{message}}, which is unknown @ {{message}}");
  assertEquals(told("{{year}}/{{id}}"), 'has "/", which mig puts into no folder\'s name @ /');
  assertEquals(told("{{id}}_{{slug"), 'has "{", which mig puts into no folder\'s name @ {');
  assertEquals(told("{{id}}_ü"), 'has "ü", which mig puts into no folder\'s name @ ü');
  assertEquals(told("_{{id}}"), 'begins with "_" @ _');
  assertEquals(told("{{id}}."), 'ends with ".", which Windows does not keep @ ');
  assertEquals(told("x".repeat(101) + "{{id}}"), "has 101 characters beside placeholders @ ");
});

Deno.test("folderNameFault() finds the names that only some ids give", () => {
  assertEquals(folderNameFault("3f9a_x"), null);
  assertEquals(folderNameFault("_a"), 'begins with "_", and mig reads no such folder');
  assertEquals(folderNameFault("con"), "is a device on Windows");
  assertEquals(folderNameFault("com1.x"), "is a device on Windows");
  assertEquals(folderNameFault("console"), null);
});
