/** Lays the settings open for `mig config`. */

import { MigError } from "../../error.ts";
import type { Surroundings } from "../../postgres/parameters.ts";
import { describe } from "../../postgres/url.ts";
import type { Config } from "./config.ts";
import { chooseDatabase, databaseText } from "./database.ts";
import { durationText } from "../../duration.ts";
import { DEFAULT_LOCK_TIMEOUT_MS } from "../../engine/timeouts.ts";
import { shadowServer } from "./shadow.ts";
import { originText, type Setting } from "./setting.ts";

/** One setting for people. */
export interface DescribedSetting {
  /** As in mig.json. */
  readonly name: string;
  /** Without secrets; null where nothing is set. */
  readonly value: string | null;
  readonly origin: string;
  /** Why the value cannot be used, where it cannot. */
  readonly problem?: string;
}

/** Every setting, its value without passwords, and where it came from. Faults of the database are told, not thrown. */
export function describeConfig(config: Config, around?: Surroundings): readonly DescribedSetting[] {
  const show = <T>(name: string, { value, origin }: Setting<T>, text: (value: T) => string | null) => ({
    name,
    value: text(value),
    origin: originText(origin),
  });
  const duration = (milliseconds: number | undefined) =>
    milliseconds === undefined ? null : durationText(milliseconds);
  return [
    describeDatabase(config, around),
    show("environment", config.environment, (name) => name),
    show("migrations", config.migrations, (paths) => paths.join(", ")),
    show("templates", config.templates, (path) => path),
    show("folder_name", config.folderName, (pattern) => pattern),
    show("repeatable", config.repeatable, (path) => path ?? null),
    show("dump", config.dump, (path) => path ?? null),
    show("table", config.table, (name) => name),
    show("role", config.role, (name) => name ?? null),
    show("lock_wait", config.lockWait, duration),
    show("reconnect", config.reconnect, duration),
    show("flush", config.flush, (value) => value),
    describeLockTimeout(config),
    show("lock_retries", config.lockRetries, String),
    show("statement_timeout", config.statementTimeout, duration),
    show("schema", config.schema, (path) => path),
    describeShadow(config, around),
    show("shadow_setup", config.shadowSetup, (path) => path),
    ...config.hooks.map((hook) =>
      show(
        `hooks.${hook.name}`,
        hook,
        (actions) =>
          actions.length === 0
            ? null
            : actions.map((action) => typeof action === "string" ? action : `SQL file ${action.sql}`).join(
              "; ",
            ),
      )
    ),
  ];
}

/** The value in force, as far as that is known without asking the server: its own limit goes before that of mig. */
function describeLockTimeout({ lockTimeout: { value, origin } }: Config): DescribedSetting {
  const text = originText(origin);
  return {
    name: "lock_timeout",
    value: durationText(value ?? DEFAULT_LOCK_TIMEOUT_MS),
    origin: value === undefined ? `${text}, where the server sets none` : text,
  };
}

function describeDatabase(config: Config, around?: Surroundings): DescribedSetting {
  const described = { name: "database", origin: originText(config.database.origin) };
  try {
    return { ...described, value: databaseText(chooseDatabase(config, around)) };
  } catch (error) {
    if (!(error instanceof MigError)) throw error;
    return { ...described, value: null, problem: error.message };
  }
}

function describeShadow(config: Config, around?: Surroundings): DescribedSetting {
  const described = { name: "shadow_url", origin: originText(config.shadowUrl.origin) };
  try {
    const server = shadowServer(config, around);
    return { ...described, value: server === null ? null : describe(server) };
  } catch (error) {
    if (!(error instanceof MigError)) throw error;
    return { ...described, value: null, problem: error.message };
  }
}
