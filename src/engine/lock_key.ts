/** The number that stands for a name where PostgreSQL locks numbers. */

/**
 * FNV-1a of 64 bits over UTF-16 code units, as a signed number: the same in every mig, and quick to have. Two names with one
 * number would only wait for each other.
 */
export function lockKey(name: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < name.length; i++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(name.charCodeAt(i))) * 0x100000001b3n);
  }
  return BigInt.asIntN(64, hash);
}
