--- a
create table t (a int, b text default 'x', c int generated always as (a * 2) stored);
--- rows of a
insert into t (a) values (1);
--- b
create table t (a int);
--- rows of b
insert into t (a) values (1);
