--- a
create table t (a int);
create index t_x on t ((a * 2));
--- b
create table t (a int);
create index t_x on t ((a * 2));
alter index t_x alter column 1 set statistics 300;
