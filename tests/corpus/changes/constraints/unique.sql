--- a
create table t (a int, b int, c int, unique (a));
--- b
create table t (a int, b int, c int, unique (a, b), unique nulls not distinct (c));
