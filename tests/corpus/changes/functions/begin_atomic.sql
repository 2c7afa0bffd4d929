--- a
create table t (a int);
--- b
create table t (a int);
create function f() returns bigint begin atomic select count(*) from t; end;
create function g() returns bigint language sql return f() + 1;
