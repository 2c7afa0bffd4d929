--- a
create table t (a int constraint positive check (a > 0));
--- b
create table t (a int constraint positive check (a > 0) not enforced);
