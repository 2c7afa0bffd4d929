--- a
create table t (a int, b text);
--- b
create table t (a int, b text);
create view v as select a, b from t;
create view w as select a from v where b is not null;
create view x as select count(*) as n from w;
