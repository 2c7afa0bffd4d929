/** The hooks of mig.json; those of the environment replace those of the same name. */

import { HOOK_NAMES, type HookName } from "../../engine/hook.ts";
import type { HookAction } from "./hook_rules.ts";
import { type Sources, valueInFile } from "./lookup.ts";
import type { Setting } from "./setting.ts";

/** The hooks of one moment, in the order in which they run. */
export interface HookSetting extends Setting<readonly HookAction[]> {
  readonly name: HookName;
}

/** All that are set. Nothing is filled in: a shell knows variables by itself. */
export function findHooks({ file }: Sources, environment: string | null): readonly HookSetting[] {
  return HOOK_NAMES.flatMap((name) => {
    const found =
      (environment === null ? undefined : valueInFile(file, ["environments", environment, "hooks", name])) ??
        valueInFile(file, ["hooks", name]);
    // The file was checked.
    return found === undefined ? [] : [{ ...found, name, value: [found.value].flat() as HookAction[] }];
  });
}
