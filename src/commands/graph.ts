/** `mig graph`: draws the whole graph. */

import { EXIT_CODES, MigError } from "../error.ts";
import { survey } from "../engine/survey.ts";
import { graphWithStored } from "../revision/stored.ts";
import type { App } from "./app.ts";
import type { Command, Input } from "./command.ts";
import type { GraphData, GraphFormat } from "./data.ts";
import { entriesOf } from "./entries.ts";
import { ASCII, NO_DB } from "./history.ts";

const FORMATS: readonly GraphFormat[] = ["text", "mermaid", "dot", "svg"];

export const graph: Command<GraphData> = {
  spec: {
    name: "graph",
    operands: "",
    arity: [0, 0],
    about: [
      "Draws all revisions and which follow which: as text, as Mermaid for a README, as DOT for Graphviz, or as an SVG \
image that stands by itself. What is applied is marked; where the database cannot be asked, the drawing is made without.",
    ],
    flags: [
      {
        name: "format",
        short: "f",
        value: "FORMAT",
        choices: FORMATS,
        summary: "text, mermaid, dot or svg; by default as the file's name ends",
      },
      { name: "output", short: "o", value: "FILE", summary: "Write the drawing to a file" },
      NO_DB,
      ASCII,
    ],
    examples: [
      { command: "mig graph", does: "in the terminal" },
      { command: "mig graph --output docs/revisions.svg", does: "an image for the documentation" },
      {
        command: "mig graph --format mermaid --no-db",
        does: "for a page that draws Mermaid, such as a README",
      },
    ],
  },
  async run(input, app) {
    const format = formatOf(input);
    const { graph: folder } = await app.openChain();
    const asked = input.switches.has("no-db") ? null : await ask(app);
    const rows = asked?.applied ?? [];
    const data: GraphData = {
      kind: "graph",
      format,
      database: asked?.database ?? null,
      output: input.values.output ?? null,
      revisions: entriesOf(graphWithStored(folder, rows), folder, rows),
      view: { ascii: input.switches.has("ascii") },
    };
    if (data.output !== null) await app.saveGraph(data, data.output);
    return data;
  },
};

/** The state of the database; null where it cannot be had, which is no reason to draw nothing. */
async function ask(app: App) {
  try {
    return await survey(await app.openDatabase(), app.table);
  } catch (error) {
    // Settings that are wrong are to be mended, and who interrupts wants nothing more.
    if (!(error instanceof MigError) || EXIT_CODES[error.code] !== 1) throw error;
    app.show([`warning: what is applied is not marked: ${error.message}`]);
    return null;
  }
}

function formatOf({ values: { format, output } }: Input): GraphFormat {
  if (format === undefined) {
    const ending = /\.(\w+)$/.exec(output ?? "")?.[1]?.toLowerCase() ?? "";
    return ENDINGS[ending] ?? "text";
  }
  const known = FORMATS.find((known) => known === format.toLowerCase());
  if (known !== undefined) return known;
  throw new MigError("usage", `there is no format "${format}" for a graph`, {
    hint: `the formats are ${FORMATS.join(", ")}`,
  });
}

const ENDINGS: Readonly<Record<string, GraphFormat>> = {
  svg: "svg",
  dot: "dot",
  gv: "dot",
  mmd: "mermaid",
  mermaid: "mermaid",
};
