/**
 * Runs all tests: types, lint and format, the build, then every test file against a server that is started here.
 *
 *     deno task test [file or folder …] [-- flags of deno test]
 *
 * The last line is `N passed, N failed`.
 */

import { preparePackages } from "./packages.ts";

/** What was run, and what came of it. */
interface Tally {
  passed: number;
  failed: number;
}

const SUITES = ["tests/architecture_test.ts", "tests/unit", "tests/integration", "tests/e2e"];

if (import.meta.main) Deno.exit(await main(Deno.args));

async function main(args: readonly string[]): Promise<number> {
  const end = args.indexOf("--");
  const files = end < 0 ? args : args.slice(0, end);
  const flags = end < 0 ? [] : args.slice(end + 1);
  const started = performance.now();
  const tally: Tally = { passed: 0, failed: 0 };
  try {
    await preparePackages();
    if (files.length === 0) await checkSources(tally);
    if (await step("deno task build", ["task", "--quiet", "build"], tally)) {
      await runTests(files.length === 0 ? await present(SUITES) : files, flags, tally);
    }
  } catch (error) {
    console.error(error);
    tally.failed++;
  }
  if (tally.passed === 0 && tally.failed === 0) tally.failed++;
  console.log(`\ntook ${Math.round((performance.now() - started) / 1000)} s`);
  console.log(`${tally.passed} passed, ${tally.failed} failed`);
  return tally.failed === 0 ? 0 : 1;
}

/** What the compiler, the linter and the formatter say; each counts as a test. */
async function checkSources(tally: Tally): Promise<void> {
  const sources = ["main.ts", "src", "tools", "tests"];
  await step("deno check", ["check", "--quiet", ...sources], tally);
  await step("deno lint", ["lint", "--quiet", ...sources], tally);
  await step("deno fmt --check", ["fmt", "--quiet", "--check", ...sources, "deno.json"], tally);
}

async function step(name: string, args: readonly string[], tally: Tally): Promise<boolean> {
  const started = performance.now();
  const { success } = await new Deno.Command(Deno.execPath(), { args: [...args], stdin: "null" }).spawn()
    .status;
  console.log(`${name} ... ${success ? "ok" : "FAILED"} (${Math.round(performance.now() - started)} ms)`);
  if (success) tally.passed++;
  else tally.failed++;
  return success;
}

async function runTests(files: readonly string[], flags: readonly string[], tally: Tally): Promise<void> {
  // Only now, since it needs the packages.
  const { TestServer } = await import("../tests/support/server.ts");
  await using server = Deno.env.get("MIG_TEST_DATABASE_URL") ? null : await TestServer.start();
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  const stop = () => server?.stop("immediate").finally(() => Deno.exit(130));
  Deno.addSignalListener("SIGINT", stop);
  try {
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "--quiet", "--parallel", "-A", `--junit-path=${report}`, ...flags, ...files],
      env: server === null ? {} : { MIG_TEST_SERVER: server.url(), DENO_JOBS: jobs() },
      stdin: "null",
    }).spawn().status;
    count(await Deno.readTextFile(report), success, tally);
  } finally {
    Deno.removeSignalListener("SIGINT", stop);
    await Deno.remove(report);
  }
}

/** Tests wait for servers and processes more than they compute. */
function jobs(): string {
  return Deno.env.get("DENO_JOBS") ?? String(navigator.hardwareConcurrency + 1);
}

/** Counts the test cases of a JUnit report. A run that failed otherwise, such as on a leak, counts as a failure too. */
function count(report: string, success: boolean, tally: Tally): void {
  const cases = report.match(/<testcase\b/g)?.length ?? 0;
  const failed = report.match(/<failure\b|<error\b/g)?.length ?? 0;
  const skipped = report.match(/<skipped\b/g)?.length ?? 0;
  tally.passed += cases - failed - skipped;
  tally.failed += failed + (!success && failed === 0 ? 1 : 0);
  if (skipped > 0) console.log(`${skipped} skipped on this machine`);
}

async function present(paths: readonly string[]): Promise<string[]> {
  const there: string[] = [];
  for (const path of paths) {
    if (await Deno.stat(path).then(() => true, () => false)) there.push(path);
  }
  return there;
}
