--- a
create table t (a int, b int);
alter table t alter column b set statistics 50;
alter table t alter column b set (n_distinct = 5);
--- b
create table t (a int, b int);
alter table t alter column a set statistics 500;
alter table t alter column a set (n_distinct = -0.5);
