/** `mig status`: where the database is, what is pending, and what is wrong. */

import { appliedIds } from "../engine/decide.ts";
import { surveyChain } from "../engine/survey.ts";
import type { Command } from "./command.ts";
import type { StatusData } from "./data.ts";
import { currentOf } from "./current.ts";
import { problemOf } from "./problem.ts";
import { statusOf } from "./repeatables.ts";

export const status: Command<StatusData> = {
  spec: {
    name: "status",
    operands: "",
    arity: [0, 0],
    about: [
      "Shows where the database is, which revisions are pending, and whatever is wrong: an applied revision that was \
edited since, one that this folder lacks, one that was interrupted, several heads. It only reads.",
      "Of the repeatable scripts it shows which `mig up` will apply once no revision is pending, and why.",
    ],
    flags: [],
    examples: [
      { command: "mig status", does: "the database of mig.json or DATABASE_URL" },
      { command: "mig status --env production", does: "the one of another environment" },
    ],
  },
  async run(_input, app) {
    const scripts = await app.readRepeatables();
    const { chain, answer } = await app.askProject((database, chain) =>
      surveyChain(database, app.table, chain, scripts)
    );
    const { graph } = chain;
    const { database, server, table, applied: rows, running, findings, stored, repeatable } = answer;
    const applied = appliedIds(rows);
    return {
      kind: "status",
      database,
      server: `PostgreSQL ${server.version}`,
      table,
      revisions: graph.size,
      applied: graph.order.filter(({ id }) => applied.has(id)).length,
      current: currentOf(graph, rows),
      pending: graph.order.filter(({ id }) => !applied.has(id)).map(({ id, message }) => ({ id, message })),
      repeatable: repeatable === null ? null : repeatable.states.map(statusOf),
      problems: await Promise.all(
        findings.map((finding) => problemOf(finding, { ...chain, authorsOf: app.authorsOf }, stored)),
      ),
      running,
    };
  },
};
