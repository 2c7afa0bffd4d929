import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Console } from "../../../src/cli/console.ts";
import { Narrator } from "../../../src/cli/narrator.ts";
import type { Blocker } from "../../../src/engine/blocker.ts";
import type { MigrationEvent } from "../../../src/engine/event.ts";
import { styleFor } from "../../../src/render/style.ts";

const STEP = { direction: "up", id: "0000a001", message: "people" } as const;
const BLOCKER: Blocker = {
  pid: 4711,
  user: "app",
  application: "web",
  clientAddress: null,
  since: null,
  backend: "client backend",
  holds: true,
  state: "idle in transaction",
  transactionSince: "2026-11-22T22:25:00.000Z",
  transactionMs: 5000,
  queryMs: 5000,
  query: "select",
};
const STARTED: readonly MigrationEvent[] = [
  {
    type: "step-started",
    step: STEP,
    index: 1,
    count: 2,
    statements: 1,
    attempt: 1,
    resumedAfter: 0,
    resumedRows: 0,
  },
  { type: "statement-started", step: STEP, index: 1, count: 1, label: "drop table people", line: 1 },
];

/** What stays on the screen, and the line that was drawn last, after these events and a moment. */
async function narrate(live: boolean, events: readonly MigrationEvent[]) {
  const told: string[] = [];
  const drawn: string[] = [];
  const style = styleFor(false);
  const console: Console = {
    tell: (line: string) => void told.push(line),
    answer: () => {},
    draw: (text: string) => void drawn.push(text.replace("\r\x1b[2K", "")),
    live,
    width: 140,
    tellStyle: style,
    answerStyle: style,
  };
  const narrator = new Narrator(console, false);
  for (const event of events) narrator.onEvent(event);
  await new Promise((resolve) => setTimeout(resolve, 250));
  narrator.stop();
  return { told, drawn, last: drawn.filter((text) => text !== "").at(-1) ?? "" };
}

for (const live of [true, false]) {
  Deno.test(`each blocker is told of once ${live ? "on" : "without"} a terminal`, async () => {
    const blocked = { type: "blocked", step: STEP, blockers: [BLOCKER], silentMs: 1000 } as const;
    const next = { ...BLOCKER, transactionSince: "2026-11-22T22:26:00.000Z" };
    const { told, drawn, last } = await narrate(live, [
      ...STARTED,
      blocked,
      { ...blocked, blockers: [{ ...BLOCKER, transactionMs: 6000 }] },
      { ...blocked, blockers: [{ ...BLOCKER, transactionMs: 9000 }, next] },
    ]);
    assertEquals(told.length, 2, told.join("\n"));
    assertMatch(
      told[0]!,
      /up +0000a001 +people: blocked by pid 4711 \(user "app".*transaction open for 5 s, idle/,
    );
    if (live) assertMatch(last, /blocked by pid 4711, whose transaction is open for 9 s, and 1 more/);
    else assertEquals(drawn, []);
  });
}

Deno.test("the line tells how far the work is, until the next statement, and that a step is tried again", async () => {
  const progress = {
    type: "progress",
    step: STEP,
    command: "CREATE INDEX",
    phase: "building index: scanning table",
    done: 43,
    total: 100,
    unit: "blocks",
  } as const;
  const working = await narrate(true, [...STARTED, progress]);
  assertMatch(
    working.last,
    /people +building index: scanning table, 43 % +statement 1 of 1: drop table people/,
  );
  const without = await narrate(true, [...STARTED, {
    ...progress,
    phase: null,
    done: 1234,
    total: null,
    unit: "rows",
  }]);
  assertMatch(without.last, /create index, 1,234 rows/);
  const next = await narrate(true, [
    ...STARTED,
    progress,
    { ...STARTED[1]!, label: "select" } as MigrationEvent,
  ]);
  assert(!next.last.includes("43 %"), next.last);

  const retrying = await narrate(true, [...STARTED, {
    type: "step-retrying",
    step: STEP,
    reason: "lock-timeout",
    statement: { label: "drop table people", line: 1 },
    attempt: 1,
    attempts: 7,
    pauseMs: 60_000,
    blockers: [BLOCKER],
  }]);
  assertMatch(
    retrying.told[0]!,
    /line 1, drop table people: waited too long for a lock \(pid 4711\).*\(2 of 7\)/,
  );
  assertMatch(retrying.last, /people +tries again in (1 min 0|59\.\d) s/);
});

Deno.test("what waits before its step has begun is told too", async () => {
  const { told, last } = await narrate(true, [{
    type: "blocked",
    step: null,
    blockers: [BLOCKER],
    silentMs: 1000,
  }]);
  assertMatch(told[0]!, /^⏸ blocked by pid 4711/);
  assertMatch(last, /blocked by pid 4711/);
});
