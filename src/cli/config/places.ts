/** Finds where the keys and values of a valid JSON text stand. Comments and trailing commas are allowed. */

/** A stretch of the text, in UTF-16 units. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** Where one key and its value stand. */
export interface Place {
  readonly keys: readonly string[];
  readonly key: Span;
  readonly value: Span;
}

/** Every key of every object, in the order of the text; a key that is written twice is there twice. */
export function placesOf(json: string): Place[] {
  const places: { keys: readonly string[]; key: Span; value: Span }[] = [];
  const path: string[] = [];
  /** For each open bracket: whether it is an object, and the place of which it is the value. */
  const open: { object: boolean; owner: number }[] = [];
  let key: { name: string; span: Span } | null = null;
  let owner = -1;
  for (const { 0: token, index } of json.matchAll(TOKEN)) {
    const span = { offset: index, length: token.length };
    const inObject = open.at(-1)?.object === true;
    if (token.startsWith("//") || token.startsWith("/*") || token === "," || token === ":") {
      if (token === ":" && key !== null) {
        owner = places.push({ keys: [...path.slice(1), key.name], key: key.span, value: key.span }) - 1;
      }
    } else if (token === "}" || token === "]") {
      const closed = open.pop();
      if (closed !== undefined && closed.owner >= 0) {
        const { value } = places[closed.owner]!;
        places[closed.owner]!.value = { offset: value.offset, length: index + 1 - value.offset };
      }
      path.pop();
      [key, owner] = [null, -1];
    } else if (inObject && owner < 0) {
      key = { name: parseString(token), span };
    } else {
      if (owner >= 0) places[owner]!.value = span;
      if (token === "{" || token === "[") {
        open.push({ object: token === "{", owner });
        // The elements of an array have no key; their offset tells them apart.
        path.push(owner >= 0 ? key!.name : `#${index}`);
      }
      [key, owner] = [null, -1];
    }
  }
  return places;
}

/** The place of a key: the last one, which is the one that counts. */
export function placeOf(places: readonly Place[], keys: readonly string[]): Place | undefined {
  return places.findLast((place) => sameKeys(place.keys, keys));
}

/** The keys that stand in the same object a second time. */
export function duplicates(places: readonly Place[]): Place[] {
  const seen = new Set<string>();
  return places.filter(({ keys }) => seen.size === seen.add(JSON.stringify(keys)).size);
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|\/\/[^\n]*|\/\*[^]*?\*\/|[^\s"{}[\],:/]+/g;

function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((key, i) => key === b[i]);
}

function parseString(token: string): string {
  return token.startsWith('"') ? JSON.parse(token) as string : token;
}
