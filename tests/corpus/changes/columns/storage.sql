--- a
create table t (a text, b text, c int);
alter table t alter column b set storage external;
--- b
create table t (a text, b text, c int);
alter table t alter column a set storage main;
