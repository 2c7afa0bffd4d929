/** Names in a statement, as the catalog has them: folded or unquoted, and cut to 63 bytes. */

/** A name, and the schema that is written before it. */
export interface QualifiedName {
  readonly schema?: string;
  readonly name: string;
  /** The token behind it, and where that stands. */
  readonly next?: string;
  readonly end: number;
}

/** `name`, `schema.name` or `database.schema.name`, and the token behind it. */
export function qualifiedName(
  tokens: readonly string[],
  at: number,
): QualifiedName | null {
  const parts: string[] = [];
  for (;; at += 2) {
    const part = nameOf(tokens[at]);
    if (part === null) return null;
    parts.push(part);
    if (tokens[at + 1] !== ".") {
      return { schema: parts.at(-2), name: part, next: tokens[at + 1], end: at + 1 };
    }
  }
}

/** A name as the catalog has it; words are folded already. Null for what is no plain name. */
export function nameOf(token: string | undefined): string | null {
  if (token === undefined) return null;
  if (token.startsWith('"')) return cut(token.slice(1, -1).replaceAll('""', '"'));
  return WORD.test(token) ? cut(token) : null;
}

/** PostgreSQL cuts longer names without an error, at the end of a character (manual, "Identifiers and Key Words"). */
function cut(name: string): string {
  const { read } = new TextEncoder().encodeInto(name, new Uint8Array(LONGEST_NAME));
  return name.slice(0, read);
}

const LONGEST_NAME = 63;
/** A quoted one that begins with U& would have to be unescaped. */
const WORD = /^[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*$/;
