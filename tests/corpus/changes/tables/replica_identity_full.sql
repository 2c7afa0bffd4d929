--- a
create table t (a int);
--- b
create table t (a int);
alter table t replica identity full;
