/** The work that every program is given: a chain of N revisions, three statements each, with the way back. */

/** One revision of the chain, in no tool's layout yet. */
export interface Revision {
  /** Its place in the chain, from 1. */
  readonly number: number;
  /** The number in ten digits, as tools sort by name. */
  readonly stamp: string;
  readonly message: string;
  /** A table of six columns, an added column, an index. */
  readonly up: readonly string[];
  readonly down: readonly string[];
}

/** The chain of N revisions. */
export function chainOf(n: number): readonly Revision[] {
  return Array.from({ length: n }, (_, index) => revisionAt(index + 1));
}

/** The statements of a revision or of several as the text of a file. */
export function asFile(statements: readonly string[]): string {
  return statements.map((statement) => `${statement};\n`).join("");
}

/** Six digits hold 20,000 revisions with room; a prefix keeps a tool from reading the stamp as an octal number. */
function revisionAt(number: number): Revision {
  const table = `item_${number}`;
  return {
    number,
    stamp: `2026${String(number).padStart(6, "0")}`,
    message: `create ${table}`,
    up: [
      `create table ${table} (
  id bigint primary key,
  name text not null,
  amount numeric(12, 2) not null default 0,
  active boolean not null default true,
  created_at timestamptz not null default now(),
  note text
)`,
      `alter table ${table} add column owner_id bigint`,
      `create index ${table}_owner on ${table} (owner_id)`,
    ],
    down: [`drop index ${table}_owner`, `alter table ${table} drop column owner_id`, `drop table ${table}`],
  };
}
