--- a
create table t (email text);
--- rows of a
insert into t values ('a@b');
--- b
create domain email as text check (value ~ '@');
create table t (email email not null);
--- rows of b
insert into t values ('a@b');
