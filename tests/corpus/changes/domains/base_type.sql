--- a
create domain d as int;
create table t (a int);
--- b
create domain d as bigint;
create table t (a int);
