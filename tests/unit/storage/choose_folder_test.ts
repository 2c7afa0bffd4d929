import { assertEquals } from "@std/assert";
import { symlinkSync } from "node:fs";
import { RevisionGraph } from "../../../src/revision/graph.ts";
import { readChain } from "../../../src/storage/chain.ts";
import { chooseFolder } from "../../../src/storage/choose_folder.ts";
import { faultOf, TestFolder } from "./folders.ts";

Deno.test("chooseFolder() takes the folder in which all parents are, else the first", async () => {
  using folder = new TestFolder().revision("core/a", "a").revision("plugin/b", "b", "a").revision(
    "plugin/c",
    "c",
  );
  const folders = [`${folder.path}/core`, `${folder.path}/plugin/`];
  const graph = new RevisionGraph(await readChain(folders));
  const chosen = (...parents: string[]) => folder.short(chooseFolder(folders, graph, parents));
  assertEquals(chosen(), "$/core");
  assertEquals(chosen("a"), "$/core");
  assertEquals(chosen("b"), "$/plugin");
  assertEquals(chosen("b", "c"), "$/plugin");
  assertEquals(chosen("a", "c"), "$/core");
});

Deno.test("chooseFolder() takes the folder that was asked for, however it is written, and no other", async () => {
  using folder = new TestFolder().revision("core/a", "a").revision("plugin/b", "b", "a").write({
    "other/x": "",
  });
  symlinkSync(`${folder.path}/plugin`, `${folder.path}/link`);
  const folders = [`${folder.path}/core`, `${folder.path}/plugin`];
  const graph = new RevisionGraph(await readChain(folders));
  const asked = (path: string) => folder.short(chooseFolder(folders, graph, ["a"], `${folder.path}/${path}`));
  assertEquals(asked("plugin/"), "$/plugin");
  assertEquals(asked("core/../plugin"), "$/plugin");
  assertEquals(asked("link"), "$/plugin");
  const error = await faultOf(() => asked("other"));
  assertEquals(error.code, "usage");
  assertEquals(folder.short(error.message), '"$/other" is not a migrations folder of this project');
  assertEquals((await faultOf(() => asked("none"))).code, "usage");
});
