/** Identifiers and values as SQL text. */

import { MigError } from "../error.ts";

/** An identifier in double quotes, whatever it holds. */
export function quoteIdentifier(name: string): string {
  refuseNul(name, "identifier");
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * A string literal that means the same under every setting of standard_conforming_strings
 * (manual, "String Constants with C-Style Escapes").
 */
export function quoteLiteral(value: string): string {
  refuseNul(value, "value");
  const quoted = `'${value.replaceAll("'", "''")}'`;
  return quoted.includes("\\") ? `E${quoted.replaceAll("\\", "\\\\")}` : quoted;
}

/** A literal, or `null` for null. */
export function quoteNullable(value: string | null): string {
  return value === null ? "null" : quoteLiteral(value);
}

/** An array of text: `array['a', 'b']::text[]`. */
export function quoteTextArray(values: readonly string[]): string {
  return `array[${values.map(quoteLiteral).join(", ")}]::text[]`;
}

/** A dollar quote that the text does not contain. */
export function dollarTag(text: string): string {
  for (let n = 0;; n++) {
    const tag = `$mig${n === 0 ? "" : n}$`;
    if (!text.includes(tag)) return tag;
  }
}

function refuseNul(text: string, what: string): void {
  if (!text.includes("\0")) return;
  throw new MigError(
    "sql-unreadable",
    `the ${what} ${JSON.stringify(text.slice(0, 40))} has a NUL character`,
    {
      hint: "PostgreSQL cannot store NUL characters; delete it",
    },
  );
}
