import { assertEquals } from "@std/assert";
import {
  ageText,
  beginningOf,
  type Blocker,
  canBeEnded,
  describeBlocker,
} from "../../../src/engine/blocker.ts";

const IDLE: Blocker = {
  pid: 4711,
  user: "app",
  application: "web",
  clientAddress: null,
  since: "2026-11-22T22:00:00Z",
  backend: "client backend",
  holds: true,
  state: "idle in transaction",
  transactionSince: "2026-11-22T22:25:00.000Z",
  transactionMs: 725_000,
  queryMs: 184_000,
  query: "update people",
};

Deno.test("beginningOf() tells what a query does, and none of its values", () => {
  for (
    const [query, beginning] of [
      ["/* trace=abc */ update people set card = '4111 1111' where id = 7", "update people"],
      ["begin; lock table people", "lock table people"],
      ["select 4111111111111111, 'secret'", "select"],
      ["alter role bob password 'hunter2'", "alter role bob password"],
      ["select set_config('app.token', 'secret', false)", "select set_config"],
      ["copy people (id, name) from stdin", "copy people"],
      ["insert into log values (1, 'cut off in the mid", "insert into log"],
      ["update people set name = 'cut off in the mid", "update people"],
      ["call close_accounts(42)", "call close_accounts"],
      ["refresh materialized view concurrently totals;", "refresh materialized view concurrently totals"],
      ["$$", null],
      ["", null],
      [null, null],
      ["<insufficient privilege>", null],
    ] as const
  ) assertEquals(beginningOf(query), beginning, String(query));
});

Deno.test("describeBlocker() says who it is, for how long, and what it did", () => {
  assertEquals(
    describeBlocker(IDLE),
    'pid 4711 (user "app", application "web", transaction open for 12 min 5 s, idle; its last query began 3 min 4 s ago: update people)',
  );
  assertEquals(
    describeBlocker({
      ...IDLE,
      state: "active",
      queryMs: 500,
      holds: false,
      backend: "autovacuum worker",
      user: null,
    }),
    'pid 4711 (autovacuum worker, application "web", transaction open for 12 min 5 s, itself waiting in front of this run; \
its query began 1 s ago: update people)',
  );
  const hidden = {
    state: null,
    transactionMs: null,
    queryMs: null,
    query: null,
    backend: null,
    application: null,
  };
  assertEquals(describeBlocker({ ...IDLE, ...hidden }), 'pid 4711 (user "app")');
  assertEquals(describeBlocker({ ...IDLE, pid: 0 }), "a prepared transaction (see pg_prepared_xacts)");
});

Deno.test("canBeEnded() is for clients that hold the lock, and nobody else", () => {
  assertEquals(canBeEnded(IDLE), true);
  assertEquals(canBeEnded({ ...IDLE, backend: null }), true);
  assertEquals(canBeEnded({ ...IDLE, holds: false }), false);
  assertEquals(canBeEnded({ ...IDLE, backend: "autovacuum worker", user: null }), false);
  assertEquals(canBeEnded({ ...IDLE, backend: null, user: null }), false);
});

Deno.test("ageText() has the two largest units", () => {
  assertEquals(
    [-5, 0, 999, 59_400, 60_000, 3_600_000, 3_725_000, 90_000_000].map(ageText),
    ["0 s", "0 s", "1 s", "59 s", "1 min", "1 h", "1 h 2 min", "1 d 1 h"],
  );
});
