--- a
create domain d as int;
create table t (a d);
--- b
create domain d as int not null;
create table t (a d);
