--- a
create table t (a int);
--- b
create domain d as int not null default 1 check (value > 0);
create table t (a int, b d);
