/** A revision in short, as it is named everywhere. */

import type { RevisionName } from "../commands/data.ts";
import { oneLine } from "./entry.ts";
import { type Style } from "./style.ts";

/** `3f9a1c2b "phone number"`. */
export function titled({ id, message }: RevisionName, style: Style): string {
  return `${style.yellow(oneLine(id))} "${oneLine(message)}"`;
}
