--- a
create table t (a int, b int) partition by range (a);
--- b
create table t (a int, b int) partition by range (b);
