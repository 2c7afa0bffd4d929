/**
 * Fingerprints that are kept with snapshots. A database that is opened from a snapshot has every row in the place where it
 * was, and goes on with the same numbers of transactions: so what was read of the catalogs need not be read again.
 */

import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Fingerprint } from "./catalog.ts";
import { parseRows, wholeCatalog, writeRows } from "./catalog_rows.ts";

/** What a fingerprint holds for: just these bytes, since another snapshot of the same chain may have its rows elsewhere. */
export interface KeptFor {
  readonly snapshot: string;
  /** How the catalogs are read. */
  readonly reading: string;
}

/** Names a snapshot by its content. */
export function snapshotName(snapshot: Uint8Array): string {
  return createHash("sha256").update(snapshot).digest("hex");
}

/** Packs a fingerprint; gzip's checksum tells when it is damaged. */
export function packFingerprint(fingerprint: Fingerprint, keptFor: KeptFor): Uint8Array {
  const { catalogs, extras, ...rest } = fingerprint;
  const kept: Kept = {
    keptFor,
    ...rest,
    extras: [...extras],
    catalogs: [...catalogs].map((
      [catalog, { total, file, rows }],
    ) => [catalog, total, file, writeRows(rows)]),
  };
  return gzipSync(JSON.stringify(kept), { level: 1 });
}

/**
 * The fingerprint that was packed; null where it is for something else.
 * @throws when it is damaged
 */
export function openFingerprint(bytes: Uint8Array, keptFor: KeptFor): Fingerprint | null {
  const kept = JSON.parse(gunzipSync(bytes).toString()) as Kept;
  if (kept.keptFor.snapshot !== keptFor.snapshot || kept.keptFor.reading !== keptFor.reading) return null;
  const { horizon, newest, names } = kept;
  return {
    horizon,
    newest,
    names,
    extras: new Map(kept.extras),
    catalogs: new Map(
      kept.catalogs.map(([catalog, total, file, rows]) => [
        catalog,
        wholeCatalog(total, file, parseRows(rows)),
      ]),
    ),
  };
}

interface Kept extends Pick<Fingerprint, "horizon" | "newest" | "names"> {
  readonly keptFor: KeptFor;
  readonly extras: readonly (readonly [string, string])[];
  readonly catalogs: readonly (readonly [string, number, string, string | null])[];
}
