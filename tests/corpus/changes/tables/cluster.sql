--- a
create table t (a int);
create index t_a on t (a);
--- b
create table t (a int);
create index t_a on t (a);
alter table t cluster on t_a;
