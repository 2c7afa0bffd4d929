--- a
create domain d as int default 1 constraint positive check (value > 0);
create table t (a d);
--- rows of a
insert into t values (1);
--- b
create domain d as int default 2 not null constraint positive check (value >= 0) constraint small check (value < 100);
create table t (a d);
--- rows of b
insert into t values (1);
