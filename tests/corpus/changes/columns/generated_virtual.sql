--- a
create table t (a int, b int);
--- rows of a
insert into t values (1, 2);
--- b
create table t (a int, b int, c int generated always as (a + b) virtual);
--- rows of b
insert into t (a, b) values (1, 2);
