--- a
create table t (a int, b int, c int);
create view v as select a, b from t;
--- b
create table t (a int, c int);
create view v as select a, c as b from t;
