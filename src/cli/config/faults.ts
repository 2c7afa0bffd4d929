/** Says what is wrong with mig.json, and where. */

import { MigError, type SourceLocation } from "../../error.ts";
import { placeAt } from "../../revision/place.ts";
import { several } from "../../revision/several.ts";
import type { ConfigFile } from "./file.ts";
import { duplicates, placeOf, type Span } from "./places.ts";
import { quoted } from "./json_value.ts";
import { type Fault, SETTINGS } from "./rules.ts";

/** Every fault of a mig.json that parses, keys which are written twice included, as one error. */
export function configFaults(
  file: Pick<ConfigFile, "path" | "text" | "places">,
  faults: readonly Fault[],
): MigError {
  const twice = duplicates(file.places).map(({ keys, key }) =>
    faultAt(
      file,
      key,
      `the key ${quoted(keys.at(-1)!)} stands in its object a second time`,
      "remove one of the two",
    )
  );
  const others = faults.map((fault) => faultAt(file, spanOf(file, fault), fault.message, fault.hint));
  return several([...twice, ...others].sort(byPlace), `cannot use ${file.path}`);
}

const START: Span = { offset: 0, length: 1 };

/** One fault of mig.json, with its place. */
export function faultAt(
  file: { path: string; text: string },
  span: Span,
  message: string,
  hint?: string,
): MigError {
  return new MigError("config-invalid", message, {
    hint,
    locations: [hideSecrets(placeAt(file.text, span, file.path))],
  });
}

function spanOf({ text, places }: Pick<ConfigFile, "text" | "places">, { keys, at, piece }: Fault): Span {
  const place = placeOf(places, keys);
  if (place === undefined) return START;
  const span = place[at];
  const within = piece === undefined ? -1 : text.indexOf(piece, span.offset);
  return within < 0 || within >= span.offset + span.length ? span : { offset: within, length: piece!.length };
}

/** Settings whose values are never secret, so that a line which holds one alone can be shown whole. */
const HARMLESS = new Set<string>(SETTINGS.filter((name) => name !== "database"));

/** Cuts the line's text before what may be a password; where nothing is left to point at, there is no text. */
function hideSecrets(place: SourceLocation): SourceLocation {
  const { excerpt = "", column = 1, ...rest } = place;
  const head = /^[\s{,]*(?:"(\w+)"(?:\s*:\s*)?)?/.exec(excerpt)!;
  const [text, key] = head;
  const value = excerpt.slice(text.length);
  const harmless = /^[\s{}[\],]*$/.test(value) ||
    (key !== undefined && HARMLESS.has(key) && !/[:@=]/.test(value));
  if (harmless) return place;
  if (column > [...text.trimEnd()].length || key === undefined) return { ...rest, column };
  return { ...rest, column, excerpt: `${text.trimEnd()} …` };
}

/** Sorts faults as they stand in the file; those of no file come first. */
export function byPlace(a: MigError, b: MigError): number {
  const [first, second] = [a.locations[0], b.locations[0]];
  return (first?.line ?? 0) - (second?.line ?? 0) || (first?.column ?? 0) - (second?.column ?? 0);
}
