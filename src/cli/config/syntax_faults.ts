/** Says why mig.json is not JSON, and where. Loaded only once it is not. */

import { type ParseError, printParseErrorCode } from "jsonc-parser";
import type { MigError } from "../../error.ts";
import { several } from "../../revision/several.ts";
import { faultAt } from "./faults.ts";

/** What keeps a text from being JSON, one fault a line: after a fault, the parser reports its consequences too. */
export function syntaxFaults(text: string, path: string, errors: readonly ParseError[]): MigError {
  const file = { path, text };
  if (text.trim() === "") return faultAt(file, START, "mig.json is empty", 'write at least "{}"');
  const byLine = new Map<number | undefined, MigError>();
  for (const [i, error] of errors.entries()) {
    // What is no value is skipped, and the value is then missed.
    if (i > 0 && nameOf(errors[i - 1]!) === "InvalidSymbol" && nameOf(error) === "ValueExpected") continue;
    const fault = faultAt(file, error, SYNTAX[nameOf(error)] ?? "this is not JSON");
    const { line } = fault.locations[0]!;
    if (!byLine.has(line)) byLine.set(line, fault);
  }
  const faults = byLine.size > 0 ? [...byLine.values()] : [faultAt(file, START, "mig.json is not JSON")];
  return several(faults, `cannot use ${path}`);
}

function nameOf({ error }: ParseError): string {
  return printParseErrorCode(error);
}

const START = { offset: 0, length: 1 };

/** By the names that the parser gives its error codes. */
const SYNTAX: Readonly<Record<string, string>> = {
  PropertyNameExpected: "JSON wants a key in double quotes here",
  ValueExpected: "JSON wants a value here",
  ColonExpected: "JSON wants a colon before this",
  CommaExpected: "JSON wants a comma before this",
  CloseBraceExpected: "JSON wants a closing brace before this",
  CloseBracketExpected: "JSON wants a closing bracket before this",
  EndOfFileExpected: "mig.json goes on after its end",
  InvalidSymbol: "this is no value of JSON; strings stand in double quotes",
  UnexpectedEndOfString: "this string has no closing quote on its line",
  UnexpectedEndOfComment: "this comment has no end",
  InvalidEscapeCharacter: "this string has a backslash that JSON does not know; write \\\\ for a backslash",
  InvalidCharacter: "this string holds a control character",
};
