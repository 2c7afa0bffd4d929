--- a
create table t (a int generated always as identity primary key);
--- rows of a
insert into t default values;
--- b
create table t (a bigint generated always as identity primary key);
--- rows of b
insert into t default values;
