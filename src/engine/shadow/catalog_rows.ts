/** What is remembered of a catalog's rows, so that of the next reading only those have to be described that are others. */

/** A catalog at one time. */
export interface CatalogRows {
  /** How many watched rows it has, those that are the server's own included. */
  readonly total: number;
  /** The file that it is in: another one once the catalog was rewritten, with its rows in other places. */
  readonly file: string;
  /** The rows about users' objects, by their places (`ctid`). */
  readonly rows: ReadonlyMap<string, CatalogRow>;
  /** How many of them make the fingerprint, and the sum of the hashes of their lines: equal for equal ones in any order. */
  readonly lines: number;
  readonly sum: bigint;
}

/** A row. */
export interface CatalogRow {
  /** The numbers of the objects that it describes, with commas. */
  readonly owners: string;
  /** Of its line, in hexadecimal; empty where it does not make the fingerprint. */
  readonly hash: string;
}

/** The first number that is given to what users make (manual, "OID Assignment" of the chapter on system catalogs). */
export const FIRST_OWN = 16384;

/** Reads what `rowText` has written. */
export function parseRows(text: string | null): Map<string, CatalogRow> {
  if (text === null) return new Map();
  return new Map(
    text.split("\n").map((row) => {
      const [place, owners, hash] = row.split("|");
      return [place!, { owners: owners!, hash: hash! }];
    }),
  );
}

/** Writes what `parseRows` reads; null for no rows. */
export function writeRows(rows: ReadonlyMap<string, CatalogRow>): string | null {
  if (rows.size === 0) return null;
  return [...rows].map(([place, { owners, hash }]) => `${place}|${owners}|${hash}`).join("\n");
}

/** SQL that writes a row for `parseRows`. */
export function rowText(owners: readonly string[], hash: string): string {
  const numbers = owners.map((owner) => `nullif(${owner}, 0)`).join(", ");
  return `pg_catalog.concat(x.ctid, '|', ${
    owners.length === 0 ? "''" : `pg_catalog.concat_ws(',', ${numbers})`
  }, '|', ${hash})`;
}

/** The objects that rows describe. */
export function ownersOf(rows: Iterable<CatalogRow>): Set<number> {
  const numbers = new Set<number>();
  for (const { owners } of rows) {
    if (owners !== "") { for (const owner of owners.split(",")) numbers.add(Number(owner)); }
  }
  return numbers;
}

/** A catalog of which all is known. */
export function wholeCatalog(
  total: number,
  file: string,
  rows: ReadonlyMap<string, CatalogRow>,
): CatalogRows {
  const empty = { total, file, rows: new Map(), lines: 0, sum: 0n };
  return { ...changedCatalog(empty, total, [], rows), rows };
}

/** A catalog after some rows have gone, and others have come or are others. */
export function changedCatalog(
  before: CatalogRows,
  total: number,
  gone: readonly string[],
  come: ReadonlyMap<string, CatalogRow>,
): CatalogRows {
  let { lines, sum } = before;
  const rows = new Map(before.rows);
  const count = (row: CatalogRow | undefined, sign: 1 | -1) => {
    if (row === undefined || row.hash === "") return;
    lines += sign;
    sum += BigInt(sign) * BigInt(`0x${row.hash}`);
  };
  for (const place of gone) {
    count(rows.get(place), -1);
    rows.delete(place);
  }
  for (const [place, row] of come) {
    count(rows.get(place), -1);
    count(row, 1);
    rows.set(place, row);
  }
  return { total, file: before.file, rows, lines, sum };
}
