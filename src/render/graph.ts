/** `mig graph`, in each of its formats. */

import type { GraphData } from "../commands/data.ts";
import { renderDot } from "./graph_dot.ts";
import { renderMermaid } from "./graph_mermaid.ts";
import { renderSvg } from "./graph_svg.ts";
import { renderHistory } from "./history.ts";
import { count } from "./layout.ts";
import { printable, type Style } from "./style.ts";

/** The drawing, or where it was written. */
export function renderGraph(data: GraphData, style: Style): string {
  return data.output === null
    ? drawGraph(data, style)
    : `made   ${printable(data.output)}  ${count(data.revisions.length, "revision")} as ${data.format}`;
}

/** The drawing, without a line ending at the end. */
export function drawGraph(data: GraphData, style: Style): string {
  switch (data.format) {
    case "text":
      return renderHistory({ ...data, range: null, view: { ...data.view, verbose: false } }, style);
    case "mermaid":
      return renderMermaid(data);
    case "dot":
      return renderDot(data);
    case "svg":
      return renderSvg(data);
  }
}
