/**
 * PowerShell is on few machines that run these tests. Where it is not, its grammar at least reads what mig gives it; on Windows the
 * end-to-end tests run both scripts.
 */

import { assert, assertEquals } from "@std/assert";
import { Language, Parser } from "npm:web-tree-sitter@0.27.1";
import { POWERSHELL } from "../../src/commands/shells/powershell.ts";
import { npmFolder } from "../../tools/build/npm.ts";
import { ROOT } from "../support/mig.ts";

const GRAMMAR = {
  version: "0.26.4",
  integrity:
    "sha512-5RwNW/qN/cKArZY0znvTOG+OWSau7Agel5K0A8KQ5Nubw/4SyZ5KC02RKCaYcA2ur5UQ8esyxe9+6yXup2MXkw==",
};

async function powershell(): Promise<Parser> {
  const folder = await npmFolder("tree-sitter-powershell", GRAMMAR.version, GRAMMAR.integrity);
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(await Language.load(await Deno.readFile(`${folder}/tree-sitter-powershell.wasm`)));
  return parser;
}

Deno.test("the scripts for PowerShell are PowerShell", async () => {
  const parser = await powershell();
  const scripts = { completion: POWERSHELL, install: await Deno.readTextFile(`${ROOT}install.ps1`) };
  for (const [name, script] of Object.entries(scripts)) {
    assertEquals(parser.parse(script)!.rootNode.hasError, false, name);
    // Whichever brace of a block is missing, it is seen.
    const braces = [...script.matchAll(/\{$|^\s*\}/gm)].map(({ index, 0: { length } }) => index + length - 1);
    assert(braces.length > 5);
    for (const at of braces) {
      const damaged = script.slice(0, at) + script.slice(at + 1);
      assertEquals(parser.parse(damaged)!.rootNode.hasError, true, `${name} without its brace at ${at}`);
    }
  }
});
