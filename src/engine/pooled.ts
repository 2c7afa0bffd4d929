/**
 * What a run behind a pooler cannot do. There the next transaction may be in another session of the server, and what was set for a
 * session would be missing in it, and stay with somebody else's.
 */

import { MigError } from "../error.ts";
import { Faults } from "../sql/faults.ts";
import { locateInStatement } from "../sql/source.ts";
import type { SqlStatement } from "../sql/statement.ts";
import { leadingTokens } from "../sql/words.ts";
import type { Session } from "./database.ts";
import type { CheckedStep } from "./checked_step.ts";
import type { PreparedStep } from "./prepared_step.ts";

/**
 * Refuses the files of a plan that rely on their session, where there is a pooler.
 *
 * @throws {MigError} `sql-refused`; for several statements one for each in `errors`
 */
export async function refuseBehindPooler(
  session: Session,
  steps: Iterable<Pick<PreparedStep, "path" | "script">>,
): Promise<void> {
  if (!session.server.pooled) return;
  let direct: string | null = null;
  for (const step of steps) {
    // A file that is read piece by piece runs in a transaction, and holds data.
    const { script, path } = step;
    if ("file" in script) continue;
    const { transaction } = script.directives;
    const faulty = script.statements.filter((statement) => reliesOnSession(statement, transaction));
    if (faulty.length === 0) continue;
    direct ??= await directUrl(session);
    const faults = new Faults();
    for (const statement of faulty) {
      faults.add(() =>
        refusal(statement, transaction, locateInStatement(script, statement, null, path), direct!)
      );
    }
    faults.throwAny((count) => `${count} statements of ${path} cannot run behind a pooler`);
  }
}

/** The steps with their texts, each once it is asked for. */
export function* loaded(steps: readonly CheckedStep[]): Generator<PreparedStep> {
  for (const step of steps) yield step.load();
}

/** Where the server itself is, as it says. */
async function directUrl(session: Session): Promise<string> {
  const { rows: [row] } = await session.send(
    "select host(inet_server_addr()) as address, current_setting('port') as port",
  );
  const { server } = session;
  const address = row?.address ?? "HOST";
  const host = address.includes(":") ? `[${address}]` : address;
  return `postgres://${encodeURIComponent(server.user)}@${host}:${row?.port}/${
    encodeURIComponent(server.database)
  }`;
}

function refusal(
  statement: SqlStatement,
  transaction: boolean,
  location: ReturnType<typeof locateInStatement>,
  direct: string,
): MigError {
  const [first = ""] = leadingTokens(statement, 1);
  const what = first.toUpperCase();
  return new MigError(
    "sql-refused",
    `a pooler stands in between, and what ${what} does to the session would not be there for the next statement`,
    {
      locations: [location],
      hint: [
        `connect to the server itself, which says that it is ${direct}`,
        "where the pooler has a port in session mode, that one does too",
        ...(transaction
          ? []
          : ["or take it out: write names with their schemas, and time limits as `-- mig: lock-timeout 5s`"]),
      ],
    },
  );
}

/**
 * Whether a statement changes something that outlives its transaction. What a file in a transaction sets is taken back before that is
 * committed.
 */
function reliesOnSession(statement: SqlStatement, transaction: boolean): boolean {
  const [first = "", second = "", ...more] = leadingTokens(statement, 5);
  switch (first) {
    case "prepare":
      return second !== "transaction";
    case "deallocate":
    case "listen":
    case "load":
      return true;
    case "discard":
      return second === "all" || !transaction;
    case "reset":
      return !transaction;
    case "set":
      return !transaction && !["local", "transaction", "constraints"].includes(second);
    case "select":
      return !transaction && (second === "set_config" || more[1] === "set_config");
    case "create":
      return !transaction && (["temp", "temporary"].includes(second) ||
        (["local", "global"].includes(second) && (more[0] ?? "").startsWith("temp")));
    default:
      return false;
  }
}
