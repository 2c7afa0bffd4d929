import { assertEquals } from "@std/assert";
import { mayRefuseTransaction, refusesTransaction, transactionControl } from "../../../src/sql/classify.ts";

/** One statement a line. */
const lines = (text: string) => text.trim().split(/\n\s*/).map((line) => ({ text: line }));

const BOUNDARIES = `
  begin
  Begin work isolation level serializable
  /* a */ START -- b
  start transaction
  commit
  commit and chain
  commit work
  commit prepared 'a'
  end
  end transaction and no chain
  rollback
  rollback and chain
  rollback work
  rollback transaction and chain
  rollback prepared 'a'
  abort
  prepare transaction 'a'
  prepare transaction U&'a'
`;

const SAVEPOINTS = `
  savepoint a
  release a
  release savepoint a
  rollback to a
  rollback to savepoint a
  rollback work to a
  rollback transaction to savepoint a
`;

const NEITHER = `
  select 1
  prepare transaction as select 1
  prepare transaction (int) as select $1
  prepare p as select 1
  set transaction isolation level serializable
  "begin"
  'commit'
  begin$$
  do $$ begin commit; end $$
  start
`;

Deno.test("transactionControl() knows what begins or ends a transaction", () => {
  for (const statement of lines(BOUNDARIES).filter(({ text }) => !text.endsWith("-- b"))) {
    assertEquals(transactionControl(statement), "boundary", statement.text);
  }
  assertEquals(transactionControl({ text: "/* a */ START -- b\n transaction" }), "boundary");
});

Deno.test("transactionControl() knows what stays inside of one", () => {
  for (const statement of lines(SAVEPOINTS)) {
    assertEquals(transactionControl(statement), "savepoint", statement.text);
  }
});

Deno.test("transactionControl() leaves everything else alone", () => {
  for (const statement of lines(NEITHER)) assertEquals(transactionControl(statement), null, statement.text);
});

/** Error 25001 on PostgreSQL 14 to 18, where the version knows the form at all. */
const REFUSED = `
  create index concurrently i on t (v)
  create /* a */ unique index concurrently if not exists i on t (v)
  drop index concurrently i
  drop index concurrently if exists i, j
  reindex index concurrently i
  reindex table concurrently t
  reindex schema s
  reindex schema concurrently s
  reindex database postgres
  reindex database
  reindex system postgres
  reindex (verbose) schema s
  reindex (concurrently) table t
  reindex (verbose, concurrently) index i
  reindex (concurrently true) table t
  reindex (concurrently 1, verbose false) table t
  vacuum
  vacuum (full, analyze) t
  create database d
  drop database if exists d with (force)
  alter database d set tablespace s
  alter database d with tablespace s
  alter database d tablespace s
  create tablespace s location '/x'
  drop tablespace if exists s
  alter system set work_mem = '1MB'
  alter system reset all
  alter table p detach partition q concurrently
  alter table if exists only s.p detach partition s."q" concurrently
  cluster
  cluster verbose
  cluster (verbose)
  create subscription s connection 'x' publication p
  create subscription s connection 'x' publication p with (enabled = false)
  create subscription s connection 'x' publication p with (create_slot)
  create subscription s connection 'x' publication p with (create_slot = true, copy_data = off)
  create subscription create_slot connection 'create_slot = false' publication p, connect
  alter subscription s refresh publication
  alter subscription s refresh publication with (copy_data = false)
  alter subscription s set publication p
  alter subscription s add publication p with (copy_data = false)
  alter subscription s drop publication p with (refresh)
  alter subscription s set (failover = true)
  alter subscription s set (slot_name = 'x', failover)
  alter subscription s set (two_phase = false)
  discard all
`;

/** Not error 25001 on any of them. */
const ALLOWED = `
  create index i on t (v)
  create unique index on t (v)
  create table concurrently_made (a int)
  drop index i
  reindex (verbose) table t
  reindex (concurrently false) table t
  reindex (concurrently off, verbose) table t
  reindex (concurrently 0) index i
  reindex (tablespace s) table t
  analyze
  alter database d set work_mem = '1MB'
  alter database d rename to tablespace
  alter database tablespace owner to r
  alter database d refresh collation version
  alter tablespace s set (random_page_cost = 1)
  alter table p detach partition q
  alter table p detach partition q finalize
  alter table t set tablespace s
  cluster t
  cluster verbose t
  cluster (verbose) t using i
  create subscription s connection 'x' publication p with (create_slot = false)
  create subscription s connection 'x' publication p with (slot_name = NONE, create_slot = off, enabled = false)
  create subscription s connection 'x' publication p with (connect = 'FALSE')
  create subscription s connection 'x' publication p with ("create_slot" = "off")
  create subscription s connection 'x' publication p with (connect = 0)
  alter subscription s disable
  alter subscription s set publication p with (refresh = false)
  alter subscription s set (slot_name = NONE)
  alter subscription s set (two_phase = true)
  alter subscription s rename to refresh
  drop subscription s
  refresh materialized view v
  refresh materialized view concurrently v
  alter type e add value 'x'
  discard plans
  reindex table t
  prepare p as select 1
  select 'vacuum'
  "vacuum"
  vacuum$$
`;

Deno.test("refusesTransaction() is true for what PostgreSQL refuses in a transaction block", () => {
  for (const statement of lines(REFUSED)) assertEquals(refusesTransaction(statement), true, statement.text);
});

Deno.test("refusesTransaction() is false for what PostgreSQL takes there", () => {
  for (const statement of lines(ALLOWED)) assertEquals(refusesTransaction(statement), false, statement.text);
});

Deno.test("mayRefuseTransaction() is true besides for what depends on the catalog or on code", () => {
  const depends = lines(`
    drop subscription s
    reindex table t
    reindex index i
    cluster t using i
    call p()
    do $$ begin commit; end $$
    vacuum
  `);
  for (const statement of depends) assertEquals(mayRefuseTransaction(statement), true, statement.text);
  const others = lines("select 1\ncreate index i on t (v)\ndrop table t\nalter subscription s disable");
  for (const statement of others) assertEquals(mayRefuseTransaction(statement), false, statement.text);
});
