import { assert, assertEquals } from "@std/assert";
import { pauseBefore, retryReason } from "../../../src/engine/lock_retry.ts";
import { QueryError } from "../../../src/engine/database.ts";
import { DEFAULT_LOCK_RETRIES, DEFAULT_LOCK_TIMEOUT_MS, limitLocks } from "../../../src/engine/timeouts.ts";

Deno.test("pauseBefore() grows, has a bound, and differs from run to run", () => {
  for (const [retry, middle] of [[1, 500], [2, 1000], [4, 4000], [5, 8000], [6, 8000], [99, 8000]] as const) {
    const pauses = Array.from({ length: 50 }, () => pauseBefore(retry));
    assert(pauses.every((ms) => ms >= middle * 0.75 && ms <= middle * 1.25), `${retry}: ${pauses}`);
    assert(new Set(pauses).size > 1);
  }
});

Deno.test("with the defaults a revision is given about a minute", () => {
  const pauses = Array.from({ length: DEFAULT_LOCK_RETRIES }, (_, n) => pauseBefore(n + 1));
  const total = (DEFAULT_LOCK_RETRIES + 1) * DEFAULT_LOCK_TIMEOUT_MS +
    pauses.reduce((sum, ms) => sum + ms, 0);
  assert(total > 50_000 && total < 70_000, String(total));
});

Deno.test("retryReason() is for what passes, in a session that goes on", () => {
  const of = (sqlstate: string, severity = "ERROR") =>
    retryReason(new QueryError({ sqlstate, severity, message: "it failed" }, null));
  assertEquals([of("55P03"), of("40P01"), of("40001")], ["lock-timeout", "deadlock", "serialization"]);
  assertEquals([of("57014"), of("42601"), of("40001", "FATAL"), retryReason(new QueryError(null, null))], [
    null,
    null,
    null,
    null,
  ]);
});

Deno.test("limitLocks() leaves a limit that is given, or that the server has", () => {
  const unset = { lockTimeoutSet: false };
  assertEquals(limitLocks({}, unset).lockTimeout, DEFAULT_LOCK_TIMEOUT_MS);
  assertEquals(limitLocks({ lockTimeout: 0 }, unset).lockTimeout, 0);
  assertEquals(limitLocks({}, { lockTimeoutSet: true }).lockTimeout, undefined);
});
