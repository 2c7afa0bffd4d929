/** The version of mig. */

import config from "../../deno.json" with { type: "json" };

/** `mig 0.1.0`. */
export function versionText(): string {
  return `mig ${config.version}`;
}
