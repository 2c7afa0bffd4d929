--- a
create table t (a int, b int);
create statistics st on a, b from t;
create table kept (a int);
--- b
create table kept (a int);
