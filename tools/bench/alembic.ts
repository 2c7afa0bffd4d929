/** Alembic, where it is on the PATH; a run of it is one transaction. */

import { ensureDir } from "@std/fs";
import { type CommandLine, type Contestant, type Task, urlOf, versionOf } from "./contestant.ts";
import { asFile, type Revision } from "./workload.ts";

const ARGS: Readonly<Record<Task, readonly string[]>> = {
  up: ["upgrade", "head"],
  status: ["current"],
  "no-op up": ["upgrade", "head"],
  down: ["downgrade", "base"],
};

/** Without the logging that its template sets up, and with one call for the three statements: Alembic at its fastest. */
const ENV_PY = `import os
from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(os.environ["DATABASE_URL"], poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
`;

/** Alembic as a contestant. */
export async function alembic(program: string): Promise<Contestant> {
  return {
    name: "alembic",
    kind: "peer",
    version: await versionOf(program, ["--version"]),
    oneTransaction: true,
    start: { program, args: ["--version"] },
    async write(folder: string, chain: readonly Revision[]): Promise<void> {
      await ensureDir(`${folder}/alembic/versions`);
      await Deno.writeTextFile(`${folder}/alembic.ini`, "[alembic]\nscript_location = alembic\n");
      await Deno.writeTextFile(`${folder}/alembic/env.py`, ENV_PY);
      for (const revision of chain) {
        await Deno.writeTextFile(
          `${folder}/alembic/versions/${revision.stamp}_item.py`,
          moduleOf(revision, chain),
        );
      }
    },
    command: (task, database): CommandLine => ({
      program,
      args: ARGS[task],
      // SQLAlchemy knows PostgreSQL by this scheme only.
      env: { DATABASE_URL: urlOf(database).replace(/^postgres:/, "postgresql:") },
    }),
  };
}

function moduleOf({ number, stamp, up, down }: Revision, chain: readonly Revision[]): string {
  const before = chain[number - 2];
  return `from alembic import op

revision = "${stamp}"
down_revision = ${before === undefined ? "None" : `"${before.stamp}"`}


def upgrade():
    op.execute("""${asFile(up)}""")


def downgrade():
    op.execute("""${asFile(down)}""")
`;
}
