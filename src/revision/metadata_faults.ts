/** Says what is wrong with a meta.json, and where. Loaded only once something is. */

import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { MigError } from "../error.ts";
import { withoutByteOrderMark } from "./metadata.ts";
import { checkMetadata, type MetadataFault } from "./metadata_rules.ts";
import { placeAt } from "./place.ts";
import { several } from "./several.ts";

/**
 * The faults of a meta.json that `parseMetadata()` gave null for, at most twenty, as one error: the fault itself where there is one,
 * else an error whose `errors` are the faults.
 * @param text the file, decoded
 * @param path the file, as the user would type it
 */
export function explainMetadata(text: string, path: string): MigError {
  const json = withoutByteOrderMark(text);
  const problems: ParseError[] = [];
  const tree = parse(json, problems);
  const faults = problems.length > 0 || tree === undefined
    ? syntaxFaults(json, problems, path)
    : [...duplicateKeys(tree), ...valueFaults(json, tree)].sort((a, b) => a.offset - b.offset)
      .slice(0, MOST_FAULTS).map((found) => toError(json, found, path));
  return several(faults, `cannot read "${path}"`);
}

/** Nobody reads more of them at once, and to find the places of thousands in one long line takes its time. */
const MOST_FAULTS = 20;

/** The tree with positions; undefined where there is none to be had. */
function parse(json: string, problems: ParseError[]): Node | undefined {
  try {
    return parseTree(json, problems, { disallowComments: true, allowTrailingComma: false });
  } catch (error) {
    // The parser is recursive: brackets nested ten thousand deep exhaust the stack.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

interface PlacedFault {
  readonly message: string;
  readonly hint?: string;
  readonly offset: number;
  readonly length: number;
}

function toError(json: string, fault: PlacedFault, path: string): MigError {
  return new MigError("metadata-invalid", fault.message, {
    hint: fault.hint,
    locations: [placeAt(json, fault, path)],
  });
}

/** One fault a line: a parser that goes on after a fault reports its consequences too. */
function syntaxFaults(json: string, problems: readonly ParseError[], path: string): MigError[] {
  if (json.trim() === "") {
    return [
      toError(json, {
        message: "meta.json is empty",
        hint: "restore the file from git",
        offset: 0,
        length: 1,
      }, path),
    ];
  }
  const byLine = new Map<number | undefined, MigError>();
  for (const { error, offset, length } of problems) {
    const place = placeAt(json, { offset, length }, path);
    if (byLine.has(place.line)) continue;
    byLine.set(
      place.line,
      toError(json, { message: SYNTAX[printParseErrorCode(error)] ?? NOT_JSON, offset, length }, path),
    );
  }
  return byLine.size > 0
    ? [...byLine.values()]
    : [toError(json, { message: NOT_JSON, offset: 0, length: 1 }, path)];
}

const NOT_JSON = "meta.json is not JSON";

/** By the names that the parser gives its error codes. */
const SYNTAX: Readonly<Record<string, string>> = {
  PropertyNameExpected: "JSON wants a key in double quotes here",
  ValueExpected: "JSON wants a value here",
  ColonExpected: "JSON wants a colon here",
  CommaExpected: "JSON wants a comma before this",
  CloseBraceExpected: "JSON wants a closing brace here",
  CloseBracketExpected: "JSON wants a closing bracket here",
  EndOfFileExpected: "meta.json goes on after its closing brace",
  InvalidCommentToken: "JSON has no comments",
  UnexpectedEndOfComment: "JSON has no comments",
  UnexpectedEndOfString: "this string has no closing quote",
  InvalidEscapeCharacter: "this string has a backslash that begins no escape of JSON",
  InvalidUnicode: "this string has a \\u without four hexadecimal digits",
  InvalidCharacter: "this string holds a control character",
  InvalidNumberFormat: "this is not a number of JSON",
  InvalidSymbol: "this is not a value of JSON; strings stand in double quotes",
};

function* duplicateKeys(tree: Node): Generator<PlacedFault> {
  const seen = new Set<unknown>();
  for (const property of tree.type === "object" ? tree.children ?? [] : []) {
    const key = property.children![0]!;
    if (seen.has(key.value)) {
      yield { ...spanOf(key), message: `the key "${key.value}" stands here a second time` };
    }
    seen.add(key.value);
  }
}

function* valueFaults(json: string, tree: Node): Generator<PlacedFault> {
  const checked = checkMetadata(JSON.parse(json));
  if ("metadata" in checked) return;
  for (const fault of checked.faults) {
    yield { message: fault.message, hint: fault.hint, ...spanOf(nodeOf(tree, fault)) };
  }
}

/** The value that a fault is about; the key where the key itself is the fault; the opening brace where neither is there. */
function nodeOf(tree: Node, fault: MetadataFault): Node {
  if (fault.at.length === 0) return { ...tree, length: 1 };
  const value = findNodeAtLocation(tree, [...fault.at]);
  return (fault.key ? value?.parent?.children?.[0] : value) ?? tree;
}

function spanOf(node: Node): { offset: number; length: number } {
  return { offset: node.offset, length: node.length };
}
