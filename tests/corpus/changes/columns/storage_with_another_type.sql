--- a
create table t (a text);
alter table t alter column a set storage external;
--- b
create table t (a varchar(100));
alter table t alter column a set storage external;
