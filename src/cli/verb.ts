/** Runs one verb: settings, wiring, signals, narration, answer. */

import process from "node:process";
import type { Command, Input } from "../commands/command.ts";
import { MigError } from "../error.ts";
import { renderHuman } from "../render/human.ts";
import { renderJson } from "../render/json.ts";
import { compileWhenLong } from "./compilers.ts";
import { ask, confirm } from "./confirm.ts";
import type { Console } from "./console.ts";
import { Narrator } from "./narrator.ts";
import { wire } from "./wire.ts";

/**
 * Runs a verb and prints its answer.
 *
 * @returns the exit code
 * @throws {MigError} whatever failed
 */
export async function runVerb(
  { spec, run, answer, exitCode, missingDatabase }: Command,
  input: Input,
  console: Console,
): Promise<number> {
  compileWhenLong();
  const stop = new AbortController();
  const narrator = input.switches.has("quiet") ? null : new Narrator(console, input.switches.has("verbose"));
  const release = stopOnSignals(stop, narrator ?? console);
  try {
    const data = answer?.(input) ?? await run(
      input,
      await wire({
        cwd: process.cwd(),
        env: process.env,
        flags: { ...input.values, ...input.lists },
        // A dry run makes nothing.
        missingDatabase: input.switches.has("dry-run") ? undefined : missingDatabase,
        onEvent: (event) => narrator?.onEvent(event),
        tell: (line) => narrator?.tell(line),
        // What was going on is over, and its line must not stand before the question.
        confirm: (question, lines, data) => {
          narrator?.stop();
          return confirm(question, lines, console, stop.signal, data);
        },
        ask: (question) => {
          narrator?.stop();
          return ask(question, stop.signal);
        },
        signal: stop.signal,
      }),
    );
    narrator?.stop();
    console.answer(
      input.switches.has("json") ? renderJson(spec.name, data) : renderHuman(data, console.answerStyle),
    );
    return exitCode?.(data) ?? 0;
  } catch (error) {
    throw stop.signal.aborted ? interruption(error) : await explained(error);
  } finally {
    narrator?.stop();
    release();
  }
}

/** What was cancelled because the user asked for it is no failure. What was running then was rolled back. */
function interruption(error: unknown): unknown {
  if (!(error instanceof MigError) || error.code === "interrupted" || error.server?.sqlstate !== CANCELLED) {
    return error;
  }
  return new MigError("interrupted", "stopped by you", { hint: "nothing was changed", cause: error });
}

/** Who wrote the heads is asked only now: a run must not wait for git with its lock held. */
async function explained(error: unknown): Promise<unknown> {
  if (!(error instanceof MigError) || error.code !== "heads-multiple") return error;
  const [{ withHeadAuthors }, { gitAuthors }] = await Promise.all([
    import("../commands/head_authors.ts"),
    import("./git_authors.ts"),
  ]);
  return await withHeadAuthors(error, gitAuthors);
}

const CANCELLED = "57014";

/** The signals that ask to stop: Ctrl-C, `kill`, and a terminal that is closed. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const INTERRUPTED = 130;

function stopOnSignals(stop: AbortController, out: Pick<Console, "tell">): () => void {
  const onSignal = () => {
    // Whoever asks twice does not want to wait; the server ends what it runs when the connection goes.
    if (stop.signal.aborted) process.exit(INTERRUPTED);
    out.tell("stopping: what runs is cancelled and rolled back (again to leave at once)");
    stop.abort();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}
