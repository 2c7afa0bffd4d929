--- a
create table t (a int, b int) partition by range (a);
create table t_1 partition of t for values from (0) to (10);
--- b
create table t (a int, b int) partition by range (a);
create table t_1 partition of t for values from (0) to (10);
create index t_b on t (b);
