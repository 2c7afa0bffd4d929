import { assertEquals, assertStringIncludes } from "@std/assert";
import { targetOf } from "../../../src/sql/batch.ts";
import { checkScript } from "../../../src/sql/classify.ts";
import { parseScript } from "../../../src/sql/script.ts";
import { faultOf, placeOf } from "./faults.ts";

const read = (text: string) => {
  const script = parseScript(text, "up.sql");
  checkScript(script, "up.sql", "up");
  return script.statements.map(({ batch }) => batch ?? null);
};
const HEAD = "-- mig: no-transaction\n";

Deno.test("a batch directive marks the statement behind it", () => {
  assertEquals(
    read(`${HEAD}select 1;
-- about it
-- mig: batch pause 1.5s
-- more about it
update t set a = 1 where a is null;
--MIG:batch
delete from t; -- mig: batch ROUNDS 7 pause 0
insert into t select 1;`),
    [null, { pauseMs: 1500, rounds: null }, { pauseMs: 0, rounds: null }, { pauseMs: 0, rounds: 7 }],
  );
  assertEquals(read("-- mig: batch\n-- mig: no-transaction\ndelete from t"), [{ pauseMs: 0, rounds: null }]);
});

for (
  const [text, place, message, hint] of [
    [
      "update t set a = 1 where a is null -- mig: batch",
      "2:36 -- mig: batch",
      "does not stand before",
      "the line before",
    ],
    ["update t -- mig: batch\nset a = 1", "2:10 -- mig: batch", "does not stand before", "the line before"],
    ["-- mig: batch\n-- mig: batch\ndelete from t", "3:1 -- mig: batch", "given twice", "the line before"],
    ["-- mig: batch 5s\ndelete from t", "2:1 -- mig: batch 5s", 'no option "5s"', "pause TIME"],
    ["-- mig: batch pause\ndelete from t", "2:1 -- mig: batch pause", 'cannot pause for ""', "pause TIME"],
    [
      "-- mig: batch rounds 0\ndelete from t",
      "2:1 -- mig: batch rounds 0",
      'have "0" rounds',
      "rounds NUMBER",
    ],
    ["-- mig: batch\nselect 1", "3:1 select", "SELECT cannot be repeated", "a batch is an UPDATE"],
    ["-- mig: batch\nupdate t set a = (select 1 where true)", "3:1 update", "never ends", "limit 10000"],
    ["-- mig: batch\ninsert into t select 1", "3:1 insert", "INSERT ever stops", "rounds 1000"],
    ["-- mig: batch\nwith x as (select 1) delete from t", "3:1 with", "WITH ever stops", "rounds 1000"],
  ] as const
) {
  Deno.test(`a batch is refused in ${JSON.stringify(text)}`, () => {
    const error = faultOf(() => read(HEAD + text));
    assertEquals(placeOf(error), place);
    assertStringIncludes(error.message, message);
    assertStringIncludes(error.hints.join(), hint);
  });
}

Deno.test("a batch is refused in a file that runs in a transaction", () => {
  const error = faultOf(() => read("-- mig: batch\ndelete from t"));
  assertStringIncludes(error.message, "this file runs in one transaction");
});

Deno.test("targetOf() gives the table of an UPDATE as it is written", () => {
  for (
    const [text, target] of [
      ["update t set a = 1", "t"],
      ['UPDATE only "My ""Schema".t AS x set a = 1', 'only "My ""Schema".t'],
      ["update /* c */ a . b set", "a.b"],
      ["delete from only a.b where", "only a.b"],
      ["insert into t", null],
    ] as const
  ) assertEquals(targetOf({ text }), target);
});
