/** Which PGlite a data directory was made by: its files can be read by that minor version alone. */

/** The version of `@electric-sql/pglite` that mig is built with, as deno.json pins it. */
export const PGLITE_VERSION = "0.5.16";

/** What stands beside a data directory. */
export interface Marker {
  /** The version of PGlite that made the data directory. */
  readonly pglite: string;
}

/** The marker of a data directory that this version makes, as the text of its file. */
export function formatMarker(): string {
  const marker: Marker = { pglite: PGLITE_VERSION };
  return `${JSON.stringify(marker)}\n`;
}

/** Reads a marker; null where the text is not one. */
export function parseMarker(text: string): Marker | null {
  try {
    const { pglite } = JSON.parse(text) as Partial<Marker>;
    return typeof pglite === "string" && /^\d+\.\d+\.\d+/.test(pglite) ? { pglite } : null;
  } catch {
    return null;
  }
}

/** Whether this version can open what `marker` describes. */
export function canOpen(marker: Marker): boolean {
  return minorOf(marker.pglite) === minorOf(PGLITE_VERSION);
}

/** PGlite is before 1.0: its minor versions break, such as by going to another major version of PostgreSQL. */
function minorOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}
