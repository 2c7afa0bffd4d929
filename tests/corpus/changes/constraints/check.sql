--- a
create table t (a int, b int, constraint positive check (a > 0));
--- rows of a
insert into t values (1, 2);
--- b
create table t (a int, b int, constraint positive check (a >= 0), constraint ordered check (a < b and b in (1, 2, 3)));
--- rows of b
insert into t values (1, 2);
