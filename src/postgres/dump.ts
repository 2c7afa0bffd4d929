/** Runs pg_dump on a server. It gets the connection by libpq's variables: a command line can be seen by everybody. */

import { execFile } from "node:child_process";
import process from "node:process";
import { MigError } from "../error.ts";
import type { Dump, DumpOptions } from "../engine/database.ts";
import { schemaArguments } from "../engine/dump_arguments.ts";
import type { ConnectionParameters } from "./parameters.ts";

/**
 * The schema of the database as SQL.
 *
 * @throws {MigError} `program-missing` where there is no pg_dump, or one too old for the server; `program-failed`
 */
export async function dumpSchema(
  parameters: ConnectionParameters,
  options: DumpOptions,
): Promise<Dump> {
  const { serverMajor } = options;
  const version = /\d[\w.]*/.exec(await pgDump(["--version"], process.env, serverMajor))?.[0] ?? "";
  if (Number.parseInt(version) < serverMajor) {
    throw missing(`pg_dump ${version} is too old for PostgreSQL ${serverMajor}`, serverMajor);
  }
  const others = Object.entries(process.env).filter(([name]) => !/^PG[A-Z]+$/.test(name));
  const env = { ...Object.fromEntries(others), ...libpqVariables(parameters) };
  const role = parameters.role === undefined ? [] : [`--role=${parameters.role}`];
  const args = ["--no-password", ...role, ...schemaArguments(options)];
  const text = await pgDump(args, env, serverMajor);
  return { text, program: `pg_dump ${version}` };
}

/** The connection as libpq reads it from the environment. */
function libpqVariables(parameters: ConnectionParameters): Record<string, string> {
  const { hosts, user, database, password, passwordFile, tls, options, target } = parameters;
  const addresses = hosts.map((host) => host.kind === "tcp" ? host.address ?? "" : "");
  const variables = {
    PGHOST: hosts.map((host) => host.kind === "tcp" ? host.name : host.folder).join(","),
    PGHOSTADDR: addresses.some((address) => address !== "") ? addresses.join(",") : undefined,
    PGPORT: hosts.map(({ port }) => port).join(","),
    PGUSER: user,
    PGDATABASE: database,
    PGPASSWORD: password?.reveal(),
    PGPASSFILE: passwordFile,
    PGSSLMODE: tls.mode,
    PGSSLNEGOTIATION: tls.negotiation,
    PGSSLROOTCERT: tls.rootCertificate,
    PGSSLCERT: tls.certificate,
    PGSSLKEY: tls.key,
    PGSSLCRL: tls.revocationList,
    PGOPTIONS: options,
    PGAPPNAME: "mig",
    PGCONNECT_TIMEOUT: String(Math.ceil(parameters.connectTimeout / 1000)),
    PGTARGETSESSIONATTRS: target,
    PGCLIENTENCODING: "UTF8",
    LC_MESSAGES: "C",
  };
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function pgDump(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  serverMajor: number,
): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      "pg_dump",
      args,
      { env, maxBuffer: 1 << 30, encoding: "utf8", windowsHide: true },
      (error, out, err) => {
        if (error === null) return resolve(out);
        if (error.code as unknown === "ENOENT") {
          return reject(missing("there is no pg_dump on the PATH", serverMajor));
        }
        reject(
          new MigError("program-failed", `pg_dump failed: ${err.trim().split("\n")[0] || error.message}`, {
            hint: "let the role read the whole database, or connect as its owner",
            data: { stderr: err },
            cause: error,
          }),
        );
      },
    );
  });
}

function missing(message: string, serverMajor: number): MigError {
  return new MigError("program-missing", `cannot read the schema: ${message}`, {
    hint: `install PostgreSQL's client programs, version ${serverMajor} or later, and put them on the PATH`,
  });
}
