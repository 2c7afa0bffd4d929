--- a
create table t (a int, b text, c int);
--- rows of a
insert into t values (1, 'x', 2);
--- b
create table t (c int, a int, b text);
--- rows of b
insert into t values (2, 1, 'x');
