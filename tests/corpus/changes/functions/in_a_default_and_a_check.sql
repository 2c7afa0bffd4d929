--- a
create table t (a int);
--- rows of a
insert into t values (1);
--- b
create function next() returns int language sql as $$ select 7 $$;
create function fine(a int) returns bool language sql immutable as $$ select a > 0 $$;
create table t (a int default next() check (fine(a)), b int generated always as (abs(a)) stored);
create index on t (fine(a));
--- rows of b
insert into t values (1);
