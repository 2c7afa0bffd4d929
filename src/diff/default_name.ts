/** The names that PostgreSQL gives by itself (`makeObjectName()` in its source). */

/** The name for a label of a table and a column: `users_email_not_null`, with the longer part cut where it is too long. */
export function defaultName(table: string, column: string, label: string): string {
  const available = LIMIT - label.length - 2;
  let [first, second] = [bytesOf(table), bytesOf(column)];
  while (first + second > available) {
    if (first > second) first--;
    else second--;
  }
  return `${clipped(table, first)}_${clipped(column, second)}_${label}`;
}

/** NAMEDATALEN - 1, in bytes. */
const LIMIT = 63;

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

function clipped(text: string, bytes: number): string {
  let result = "";
  for (const character of text) {
    if (bytesOf(result + character) > bytes) break;
    result += character;
  }
  return result;
}
