/** What "hooks" in mig.json may hold. */

import { closest } from "../../closest.ts";
import { HOOK_NAMES, type HookName, SQL_HOOK_NAMES } from "../../engine/hook.ts";
import { isObject, quoted } from "./json_value.ts";
import type { Fault } from "./rules.ts";

/** One hook as it is written: a command line, or a SQL file by its path from mig.json. */
export type HookAction = string | { readonly sql: string };

/** The hooks of mig.json, or of an environment in it. */
export type FileHooks = Readonly<Partial<Record<HookName, HookAction | readonly HookAction[]>>>;

/** Every fault of "hooks". */
export function* checkHooks(value: unknown, keys: readonly string[]): Generator<Fault> {
  if (!isObject(value)) {
    yield { keys, at: "value", message: '"hooks" is not an object', hint: EXAMPLE };
    return;
  }
  for (const [name, content] of Object.entries(value)) {
    const inside = [...keys, name];
    if (!HOOK_NAMES.includes(name as HookName)) {
      const near = closest(name, HOOK_NAMES);
      const hint = near === undefined ? `the hooks are ${HOOK_NAMES.join(", ")}` : `did you mean "${near}"?`;
      yield { keys: inside, at: "key", message: `there is no hook ${quoted(name)}`, hint };
    } else if (!Array.isArray(content)) yield* checkAction(content, name as HookName, inside);
    else {
      for (const action of content) {
        for (const fault of checkAction(action, name as HookName, inside)) {
          yield { ...fault, piece: JSON.stringify(action) };
        }
      }
    }
  }
}

function* checkAction(action: unknown, name: HookName, keys: readonly string[]): Generator<Fault> {
  const fault = (message: string, hint = EXAMPLE): Fault => ({ keys, at: "value", message, hint });
  if (typeof action === "string") {
    if (action.trim() === "") yield fault(`a command line of "${name}" is empty`);
    return;
  }
  if (!isObject(action)) {
    yield fault(`"${name}" is neither a command line nor a SQL file`);
    return;
  }
  const unknown = Object.keys(action).find((key) => key !== "sql");
  if (unknown !== undefined) yield fault(`the key ${quoted(unknown)} is unknown in "${name}"`);
  else if (typeof action.sql !== "string" || action.sql.trim() === "") {
    yield fault(`"${name}" names no SQL file`);
  } else if (!SQL_HOOK_NAMES.includes(name)) {
    yield fault(
      `"${name}" cannot be a SQL file: it has no session to run in`,
      `write a command line; SQL files are for ${SQL_HOOK_NAMES.join(", ")}`,
    );
  }
}

const EXAMPLE =
  'write {"before_up": "./backup.sh", "after_up": {"sql": "hooks/grant.sql"}}; several are a list';
