/**
 * Fills the variables that a file names into its statements. The file is split before, as it is written: a value stays what it
 * was written for, SQL, a string or a name, and can neither end the statement nor begin another.
 */

import { MigError } from "../error.ts";
import { Faults } from "./faults.ts";
import { Lexer, UnclosedError } from "./lexer.ts";
import { findReferences, type Place, type Reference } from "./references.ts";
import { locate } from "./source.ts";
import { splitText } from "./splitter.ts";
import type { Insertion, SqlScript, SqlStatement } from "./statement.ts";

/** Values by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Whether a file, by the looks of it, names variables. */
export function asksForVariables(text: string): boolean {
  return /--[ \t]*mig[ \t]*:[ \t]*env\b/i.test(text);
}

/**
 * The script with its variables filled in; the same where it names none.
 *
 * @param path the file, for errors
 * @throws {MigError} `variable-missing` for one that is not set, `variable-invalid` for a value that cannot stand where it is used
 */
export function fillIn(script: SqlScript, path: string, variables: Variables): SqlScript {
  const names = new Set(script.directives.env.map(({ name }) => name));
  if (names.size === 0) return script;
  const faults = new Faults();
  const values = new Map<string, string>();
  const missing = new Set<string>();
  const statements = script.statements.map((statement) => {
    const references = findReferences(statement.text).filter(({ name }) => names.has(name));
    for (const { name, start, end } of references) {
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
      if (value !== undefined) values.set(name, value);
      else if (!missing.has(name)) {
        missing.add(name);
        faults.add(() => unset(name, locate(script.text, statement.start + start, path, end - start)));
      }
    }
    if (references.length === 0 || missing.size > 0) return statement;
    return filled(statement, references, values, (reference, why, hint) => {
      const { name, start, end } = reference;
      faults.add(() =>
        new MigError("variable-invalid", `the value of ${name} ${why}`, {
          locations: [locate(script.text, statement.start + start, path, end - start)],
          hint,
        })
      );
    });
  });
  faults.throwAny((count) => `${count} variables in ${path} cannot be filled in`);
  return { ...script, statements, values };
}

type Refuse = (reference: Reference, why: string, hint: string) => void;

function filled(
  statement: SqlStatement,
  references: readonly Reference[],
  values: ReadonlyMap<string, string>,
  refuse: Refuse,
): SqlStatement {
  const written = statement.text;
  const insertions: Insertion[] = [];
  let text = "", from = 0, refused = false;
  for (const reference of references) {
    const value = values.get(reference.name)!;
    text += written.slice(from, reference.start);
    const fault = faultOf(value, reference, text, written.slice(reference.end));
    if (fault !== null) {
      refuse(reference, ...fault);
      refused = true;
    }
    const start = text.length;
    text += asWrittenIn(value, reference.places);
    insertions.push({ start, end: text.length, writtenStart: reference.start, writtenEnd: reference.end });
    from = reference.end;
  }
  text += written.slice(from);
  if (!refused && !isStillOne(text, statement)) {
    refuse(references[0]!, "would make something else of this statement", BARE_HINT);
  }
  return { ...statement, text, written: { text: written, insertions } };
}

/** A value as it has to be written between the quotes around it, the innermost first. */
function asWrittenIn(value: string, places: readonly Place[]): string {
  return places.reduceRight((text, place) => {
    if (place.kind === "identifier") return text.replaceAll('"', '""');
    if (place.kind !== "string") return text;
    const doubled = text.replaceAll("'", "''");
    return place.escapes ? doubled.replaceAll("\\", "\\\\") : doubled;
  }, value);
}

/**
 * Why a value cannot stand where it is used, as the end of a sentence that never repeats it, and what to do.
 *
 * @param before the statement up to there, with its values
 * @param after the rest of it, as it is written
 */
function faultOf(
  value: string,
  reference: Reference,
  before: string,
  after: string,
): [string, string] | null {
  const { places } = reference;
  if (value.includes("\0")) return ["has a NUL character", "PostgreSQL cannot store NUL characters"];
  const innermost = places.at(-1)!;
  if (value === "" && (innermost.kind === "sql" || innermost.kind === "identifier")) {
    return ["is empty", "give it a value; only between apostrophes may it be empty"];
  }
  if (innermost.kind === "sql" && !isWhole(value, before.at(-1) ?? "", after[0] ?? "")) {
    return [
      "is no whole piece of SQL: a semicolon, a comment, a backslash or half a quote is in it",
      BARE_HINT,
    ];
  }
  if (innermost.kind === "unknown" && /['"\\\n\r$]/.test(value)) {
    return [
      `has a quote, a dollar sign, a backslash or a line end, and stands in ${innermost.what}`,
      "there mig cannot tell how to write it: put it in a plain string, e.g. as an argument of format('… %L', '${NAME}')",
    ];
  }
  for (const place of places) {
    if (place.kind !== "dollar") continue;
    const beside = place.tag.length - 1;
    const left = reference.start === place.from ? "" : before.slice(-beside);
    const right = reference.end === place.to ? "" : after.slice(0, beside);
    if (`${left}${value}${right}`.includes(place.tag)) {
      return [`would end the quote ${place.tag}`, "take a tag that is in no value, e.g. $of_my_own$"];
    }
  }
  return null;
}

const BARE_HINT =
  "a value that is a text goes between apostrophes, '${NAME}'; a name between quotation marks, \"${NAME}\"";

/** Whether a value is made of whole tokens, and makes no comment together with what stands beside it. */
function isWhole(value: string, before: string, after: string): boolean {
  if (/--|\/\*/.test(before + value.slice(0, 1)) || /--|\/\*/.test(value.slice(-1) + after)) return false;
  const lexer = new Lexer(value);
  try {
    while (lexer.next()) {
      if (lexer.kind === "comment") return false;
      if (lexer.kind === "symbol" && ";\\".includes(lexer.token)) return false;
    }
    return true;
  } catch (error) {
    if (error instanceof UnclosedError) return false;
    throw error;
  }
}

/** Whether a statement with its values filled in still ends where it ended. */
function isStillOne(text: string, { copyData }: SqlStatement): boolean {
  try {
    const { statements: [first, ...more] } = splitText(copyData === undefined ? text : `${text};\n\\.\n`, "");
    return first?.text === text && more.length === 0 &&
      (first.copyData === undefined) === (copyData === undefined);
  } catch (error) {
    if (error instanceof MigError) return false;
    throw error;
  }
}

function unset(name: string, location: ReturnType<typeof locate>): MigError {
  return new MigError("variable-missing", `the environment variable ${name} is not set`, {
    locations: [location],
    hint: `set ${name}, or put it into .env beside mig.json`,
  });
}
