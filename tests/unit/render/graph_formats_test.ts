/** The formats of `mig graph`, read back: each revision once, each edge, and no message can be taken for syntax. */

import { assert, assertEquals } from "@std/assert";
import type { HistoryEntry } from "../../../src/commands/data.ts";
import { notesOf, oneLine } from "../../../src/render/entry.ts";
import { renderDot } from "../../../src/render/graph_dot.ts";
import { renderMermaid } from "../../../src/render/graph_mermaid.ts";
import { renderSvg } from "../../../src/render/graph_svg.ts";
import { RevisionGraph } from "../../../src/revision/graph.ts";
import { below, pick, random, randomRevisions } from "../revision/random_graph.ts";
import { elements, readXml, textIn } from "./xml.ts";

const HOSTILE = [
  "plain",
  "",
  '"]; evil --> x',
  "</text></svg><script>alert(1)</script>",
  "&amp; &lt; &#0; %%{init: {}}%%",
  '\\N \\" \\',
  "end",
  "`markdown`",
  "two\nlines\r\nand\ttabs",
  "\u0000\u0007\u001b[31m\ufffe\uffff",
  "\ud800 alone",
  "電話 🐘 ñ",
  "a\u202eb",
  "]]> <!-- --> <![CDATA[",
];

function entries(seed: number): HistoryEntry[] {
  const next = random(seed);
  const graph = new RevisionGraph(randomRevisions(next, 1 + below(next, 25)));
  const heads = new Set(graph.heads.map(({ id }) => id));
  return graph.order.toReversed().map((revision): HistoryEntry => ({
    ...revision,
    // Ids may hold both, and must stay different where a format knows neither.
    id: revision.id,
    message: pick(next, HOSTILE),
    path: next() < 0.1 ? null : revision.path,
    applied: next() < 0.5 ? null : {
      appliedAt: "2026-11-22T22:27:00.000Z",
      appliedBy: "app",
      durationMs: 1,
      unfinished: next() < 0.1 ? { direction: "up", statementsDone: 1, batchRows: 0 } : null,
    },
    head: heads.has(revision.id),
    current: next() < 0.1,
  }));
}

function edgesOf(revisions: readonly HistoryEntry[], kind: "parents" | "dependsOn"): string[] {
  return revisions.flatMap((revision) => revision[kind].map((other) => `${other} ${revision.id}`)).sort();
}

/** What each node is to say, a line break as `|`. */
function labels(revisions: readonly HistoryEntry[]): string[] {
  return revisions.map((entry) =>
    [entry.id, oneLine(entry.message), notesOf(entry)].filter((line) => line !== "").join("|")
  ).sort();
}

for (const database of ["postgres://x", null]) {
  const asked = database === null ? "without a database" : "with a database";

  Deno.test(`Mermaid has each revision and edge, whatever the messages hold, ${asked}`, () => {
    for (let seed = 1; seed <= 100; seed++) {
      const revisions = entries(seed);
      const [first, ...lines] = renderMermaid({ database, revisions }).split("\n");
      assertEquals(first, "flowchart BT");
      const names = new Map<string, string>();
      const said: string[] = [];
      const edges: Record<string, string[]> = { "-->": [], "-.->": [] };
      for (const line of lines) {
        const node = /^ {2}(r[a-z0-9_]+)\["((?:[^"#;<>`{}\\]|#\d+;|<br>)*)"\]$/u.exec(line);
        const edge = /^ {2}(\w+) (-->|-\.->) (\w+)$/.exec(line);
        if (node !== null) {
          const text = node[2]!.replaceAll("<br>", "|").replaceAll(
            /#(\d+);/g,
            (_, code) => String.fromCodePoint(code),
          );
          assert(!names.has(node[1]!));
          names.set(node[1]!, text.split("|")[0]!);
          said.push(text);
        } else if (edge !== null) edges[edge[2]!]!.push(`${names.get(edge[1]!)} ${names.get(edge[3]!)}`);
        else assert(/^ {2}(classDef|class) [\w,]+ [\w:#,-]+$/.test(line), line);
      }
      assertEquals(said.sort(), labels(revisions), `seed ${seed}`);
      assertEquals(edges["-->"]!.sort(), edgesOf(revisions, "parents"), `seed ${seed}`);
      assertEquals(edges["-.->"]!.sort(), edgesOf(revisions, "dependsOn"), `seed ${seed}`);
    }
  });

  Deno.test(`DOT has each revision and edge, whatever the messages hold, ${asked}`, () => {
    for (let seed = 1; seed <= 100; seed++) {
      const revisions = entries(seed);
      const lines = renderDot({ database, revisions }).split("\n");
      assertEquals([lines[0], lines.at(-1)], ["digraph revisions {", "}"]);
      const said: string[] = [];
      const edges: { parents: string[]; dependsOn: string[] } = { parents: [], dependsOn: [] };
      for (const line of lines.slice(4, -1)) {
        const node = /^ {2}("[\w-]+") \[label="((?:[^"\\]|\\["\\n])*)"(?:, [a-z]+="[\w#,]+")*\];$/u.exec(
          line,
        );
        const edge = /^ {2}"([\w-]+)" -> "([\w-]+)"( \[style=dashed, constraint=false\])?;$/.exec(line);
        if (node !== null) {
          const text = node[2]!.replaceAll(/\\(.)/g, (_, letter) => letter === "n" ? "|" : letter).replaceAll(
            "&amp;",
            "&",
          );
          said.push(text);
        } else if (edge !== null) {
          edges[edge[3] === undefined ? "parents" : "dependsOn"].push(`${edge[1]} ${edge[2]}`);
        } else throw new Error(line);
      }
      assertEquals(said.sort(), labels(revisions), `seed ${seed}`);
      assertEquals(edges.parents.sort(), edgesOf(revisions, "parents"), `seed ${seed}`);
      assertEquals(edges.dependsOn.sort(), edgesOf(revisions, "dependsOn"), `seed ${seed}`);
    }
  });

  Deno.test(`SVG is well-formed, and has each revision at a place of its own, ${asked}`, () => {
    for (let seed = 1; seed <= 100; seed++) {
      const revisions = entries(seed);
      const image = readXml(renderSvg({ database, revisions }));
      const [width, height] = [Number(image.attributes.width), Number(image.attributes.height)];
      assertEquals(elements(image, "script").length, 0);
      const circles = elements(image, "circle").map(({ attributes: { cx, cy } }) =>
        [Number(cx), Number(cy)] as const
      );
      assertEquals(circles.length, revisions.length);
      for (const [cx, cy] of circles) assert(cx > 0 && cx < width && cy > 0 && cy < height);
      assertEquals(new Set(circles.map(([, cy]) => cy)).size, revisions.length);
      const texts = elements(image, "text").map(textIn);
      revisions.forEach(({ id, message }, i) => {
        const wellFormed = oneLine(message).replaceAll(/[\ufffe\uffff\p{Cs}]/gu, "\ufffd");
        assert(texts[i]!.startsWith(`${id}  ${wellFormed}`), `seed ${seed}: ${texts[i]}`);
      });
    }
  });
}

Deno.test("Mermaid's names are different for different ids, also for those with - and _", () => {
  const [model] = entries(1);
  const revisions = ["a-b", "a_b", "a__b", "a_2d_b", "ab", "end"].map((id) => ({
    ...model!,
    id,
    parents: [],
    dependsOn: [],
  }));
  const names = renderMermaid({ database: null, revisions }).matchAll(/^ {2}(\w+)\[/gm);
  assertEquals(new Set([...names].map(([, name]) => name)).size, revisions.length);
});

Deno.test({
  name: "Graphviz reads the DOT",
  ignore: !(await hasGraphviz()),
  async fn() {
    for (let seed = 1; seed <= 5; seed++) {
      const file = await Deno.makeTempFile({ suffix: ".dot" });
      await Deno.writeTextFile(file, renderDot({ database: "x", revisions: entries(seed) }));
      const { success, stderr } = await new Deno.Command("dot", { args: ["-Tplain", file] }).output();
      await Deno.remove(file);
      assert(success, new TextDecoder().decode(stderr));
    }
  },
});

async function hasGraphviz(): Promise<boolean> {
  try {
    return (await new Deno.Command("dot", { args: ["-V"], stdout: "null", stderr: "null" }).output()).success;
  } catch {
    return false;
  }
}
