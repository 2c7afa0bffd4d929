--- a
create table t (a int, b int);
create index t_a on t (a);
--- b
create table t (a int, b int);
create unique index t_a on t (a) nulls not distinct;
