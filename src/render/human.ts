/** What a verb gives back, for people. */

import { renderCreated, renderMerge } from "./created.ts";
import { renderEdit } from "./edit.ts";
import type { ConfigData, Data, InitData, ShowData } from "../commands/data.ts";
import { appliedText } from "./applied.ts";
import { renderBaseline } from "./baseline.ts";
import { renderBranches, renderHeads } from "./branches.ts";
import { renderDump } from "./dump.ts";
import { renderCurrent } from "./current.ts";
import { renderDiff } from "./diff.ts";
import { renderGraph } from "./graph.ts";
import { renderHistory } from "./history.ts";
import { columns } from "./layout.ts";
import { renderMigrated } from "./migrated.ts";
import { renderRebased } from "./rebased.ts";
import { renderAccepted, renderCheck, renderRestored } from "./problems.ts";
import { renderScript } from "./script.ts";
import { renderStamp } from "./stamp.ts";
import { renderStatus } from "./status.ts";
import { titled } from "./title.ts";
import { renderUnlock } from "./unlock.ts";
import { renderSchema, renderVerify } from "./verify.ts";
import { printable, type Style } from "./style.ts";

/** The answer as text, without a line ending at the end. */
export function renderHuman(data: Data, style: Style): string {
  switch (data.kind) {
    case "accepted":
      return renderAccepted(data, style);
    case "baseline":
      return renderBaseline(data, style);
    case "branches":
      return renderBranches(data, style);
    case "check":
      return renderCheck(data, style);
    case "completion":
      return data.script.trimEnd();
    case "config":
      return configText(data, style);
    case "created":
      return renderCreated(data, style);
    case "current":
      return renderCurrent(data, style);
    case "diff":
      return renderDiff(data, style);
    case "dump":
      return renderDump(data);
    case "edit":
      return renderEdit(data, style);
    case "graph":
      return renderGraph(data, style);
    case "heads":
      return renderHeads(data, style);
    case "history":
      return renderHistory(data, style);
    case "init":
      return initText(data);
    case "merge":
      return renderMerge(data, style);
    case "migrated":
      return renderMigrated(data, style);
    case "rebased":
      return renderRebased(data, style);
    case "restored":
      return renderRestored(data, style);
    case "schema":
      return renderSchema(data);
    case "script":
      return renderScript(data);
    case "show":
      return showText(data, style);
    case "stamp":
      return renderStamp(data, style);
    case "status":
      return renderStatus(data, style);
    case "unlock":
      return renderUnlock(data, style);
    case "verify":
      return renderVerify(data, style);
  }
}

function initText({ created, kept, outer }: InitData): string {
  return [
    ...created.map((path) => `made   ${path}`),
    ...kept.map((path) => `kept   ${path}`),
    ...(outer === null ? [] : [
      `note   this folder is inside of the project of ${
        printable(outer)
      }; here and below, mig now uses the mig.json of this folder`,
    ]),
    'next: mig new "create users"',
  ].join("\n");
}

function showText({ revision, children, stored, up, down }: ShowData, style: Style): string {
  const { applied, parents, path } = revision;
  const facts = [
    ["parent", parents.length === 0 ? "none: it is a base" : parents.join(", ")],
    ["followed by", children.length === 0 ? "nothing: it is a head" : children.join(", ")],
    ["applied", applied === null ? "no" : appliedText(applied)],
    ["folder", path === null ? "not here" : printable(path)],
  ];
  const from = stored ? " (as it was applied)" : "";
  return [
    titled(revision, style),
    columns(facts),
    "",
    style.dim(`-- up.sql${from}`),
    printableSql(up),
    "",
    style.dim(down === null ? "-- there is no down.sql: it cannot be undone" : `-- down.sql${from}`),
    ...(down === null ? [] : [printableSql(down)]),
  ].join("\n");
}

function printableSql(text: string): string {
  return printable(text.replaceAll("\r\n", "\n").trimEnd());
}

function configText({ settings }: ConfigData, style: Style): string {
  return columns(settings.map(({ name, value, origin, problem }) => [
    name,
    printable(value ?? "not set"),
    style.dim(printable(origin)) + (problem === undefined ? "" : `  ${style.red(printable(problem))}`),
  ]));
}
