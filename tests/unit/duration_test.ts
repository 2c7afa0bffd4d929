import { assertEquals } from "@std/assert";
import { durationText, parseDuration } from "../../src/duration.ts";

Deno.test("parseDuration() reads PostgreSQL's units", () => {
  const times = {
    "0": 0,
    " 0 ": 0,
    "0s": 0,
    "500ms": 500,
    "5s": 5000,
    "1.5s": 1500,
    "1.5 min": 90_000,
    " 2h": 7_200_000,
    "24d": 2_073_600_000,
    "2147483647ms": 2147483647,
  };
  for (const [text, ms] of Object.entries(times)) assertEquals(parseDuration(text), ms, text);
});

Deno.test("parseDuration() refuses the rest", () => {
  const bad = [
    "",
    "s",
    "5",
    "-1s",
    "5m",
    "5sec",
    "1e3s",
    "0x10s",
    "5s5s",
    "2147483648ms",
    "25d",
    ".5s",
    "400us",
  ];
  // More than nothing, which must not become no limit.
  for (const text of [...bad, "0.4ms", "0.0001s"]) assertEquals(parseDuration(text), null, text);
});

Deno.test("durationText() gives a text that parseDuration() reads as the same time", () => {
  for (let milliseconds = 1; milliseconds < 2 ** 31; milliseconds += 1 + (milliseconds >> 3)) {
    assertEquals(parseDuration(durationText(milliseconds)), milliseconds);
    const minutes = Math.floor(milliseconds / 60_000) * 60_000;
    assertEquals(parseDuration(durationText(minutes)), minutes);
  }
});
