/** What a server says when it refuses a session, as an error that says what to do. */

import { MigError, type ServerReport } from "../error.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import type { QueryError } from "../engine/database.ts";
import type { ConnectionParameters, TargetSession } from "./parameters.ts";
import { describe } from "./url.ts";

/** What is known of the password at the time. */
export interface PasswordFacts {
  readonly passwordAsked: boolean;
  readonly passwordKnown: boolean;
}

export const startFailure = {
  /** The error for a server that answered the startup message with an error, or hung up. */
  of(error: QueryError, parameters: ConnectionParameters, facts: PasswordFacts): MigError {
    const where = describe(parameters);
    const { report } = error;
    if (report === null) {
      return new MigError("connection-failed", `${where} hung up before the session began`, {
        hint: "look into the server's log; a proxy in between, or a server without TLS, may be the reason",
        cause: error,
      });
    }
    const details = { server: report, cause: error };
    switch (report.sqlstate) {
      case "28P01":
      case "28000":
        return new MigError("authentication-failed", `cannot log in to ${where}: ${report.message}`, {
          ...details,
          hint: authenticationHints(report.sqlstate, parameters, facts),
        });
      case "3D000":
        return new MigError("database-missing", `${where} cannot be opened: ${report.message}`, {
          ...details,
          hint: `make it first: createdb ${parameters.database}, or name another one in the URL`,
        });
      case "22023":
      case "42501":
        if (parameters.role !== undefined) return roleRefused(parameters.role, error, report, parameters);
        break;
      case "08P01":
        // What PgBouncer answers to a parameter that it does not know.
        if (parameters.role !== undefined) return startFailure.roleNotTaken(parameters.role, where, error);
        break;
    }
    return new MigError("connection-failed", `cannot connect to ${where}: ${report.message}`, {
      ...details,
      hint: HINTS[report.sqlstate],
    });
  },

  /** The error for a session that did not take on the role which was asked for. */
  roleNotTaken(role: string, where: string, cause?: unknown): MigError {
    return new MigError("connection-failed", `the session at ${where} does not become the role "${role}"`, {
      hint: [
        "a pooler in between takes no such setting: name the server's own port in the URL",
        `or log in as a user whose role is set on the server: alter role USER set role = ${
          quoteIdentifier(role)
        }`,
      ],
      cause,
    });
  },

  /** The error for a server that is not of the kind which target_session_attrs asks for. */
  wrongTarget(target: TargetSession, where: string): MigError {
    return new MigError("connection-failed", `the session at ${where} is not ${TARGETS[target]}`, {
      hint: `name a server that is, or change target_session_attrs=${target} in the URL`,
    });
  },
};

function roleRefused(
  role: string,
  cause: QueryError,
  server: ServerReport,
  parameters: ConnectionParameters,
): MigError {
  const { user } = parameters;
  const [name, login] = [role, user].map(quoteIdentifier);
  return new MigError(
    "permission-denied",
    `cannot become the role "${role}" at ${describe(parameters)}: ${server.message}`,
    {
      server,
      cause,
      hint: server.sqlstate === "42501" ? `have somebody who may run: grant ${name} to ${login}` : [
        `make it, and let "${user}" become it: create role ${name}; grant ${name} to ${login}`,
        'or name another one: --role, MIG_ROLE, or "role" in mig.json, which its environments may have too',
      ],
    },
  );
}

const HINTS: Readonly<Record<string, string>> = {
  "53300": "all connections of the server are taken; close some, or connect to a pooler",
  "57P03": "the server is starting up, shutting down or recovering; try again in a moment",
  "42704": "a setting in `options` is not known to this server; take it out of the URL",
  "08P01": "a pooler in between may not allow a setting of the URL; take `options` out of it",
};

const TARGETS: Readonly<Record<TargetSession, string>> = {
  "any": "open",
  "read-write": "one that can write",
  "read-only": "read-only",
  "primary": "on a primary",
  "standby": "on a standby",
  "prefer-standby": "on a standby",
};

function authenticationHints(
  sqlstate: string,
  { user, tls }: ConnectionParameters,
  { passwordAsked, passwordKnown }: PasswordFacts,
): string[] {
  if (sqlstate === "28000") {
    return [
      // It is the same code for a role that there is not, and the message may be in another language.
      `is there a user "${user}"? On the server: createuser ${user}`,
      `pg_hba.conf on the server has to allow user "${user}" from this address`,
      ...(tls.mode === "disable" ? ["the server may want TLS: try sslmode=require"] : []),
    ];
  }
  if (passwordAsked && !passwordKnown) {
    return ["the server asks for a password: put it into the URL, PGPASSWORD or ~/.pgpass"];
  }
  return [
    `check user "${user}" and its password; in a URL, write its special characters percent-encoded (@ is %40)`,
  ];
}
