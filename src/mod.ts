/**
 * mig as a library.
 *
 * ```ts
 * import { open } from "@mig/mig";
 *
 * await using mig = await open({ database: "postgres://localhost/shop", migrations: "migrations" });
 * const { steps } = await mig.up();
 * ```
 *
 * Each function gives the data that the command of the same name prints with `--json`, and throws a `MigError` whose `code` is
 * stable.
 *
 * @module
 */

export { open, type OpenOptions } from "./library/open.ts";
export type * from "./library/mig.ts";
export type { RevisionLiteral } from "./library/memory.ts";
export {
  type ErrorCode,
  EXIT_CODES,
  MigError,
  type MigErrorDetails,
  type ServerReport,
  type SourceLocation,
} from "./error.ts";
export type * from "./commands/data.ts";
export type { LockHolder, MigrationEvent, OnEvent, StepName } from "./engine/event.ts";
export type { Notice } from "./engine/database.ts";
export type { Flush } from "./engine/step_sql.ts";
export type { Timeouts } from "./engine/timeouts.ts";
export type { Direction, RevisionId } from "./revision/revision.ts";
