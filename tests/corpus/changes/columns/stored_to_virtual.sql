--- a
create table t (a int, b int generated always as (a + 1) stored);
--- rows of a
insert into t (a) values (1);
--- b
create table t (a int, b int generated always as (a + 1) virtual);
--- rows of b
insert into t (a) values (1);
