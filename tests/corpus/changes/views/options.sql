--- a
create table t (a int);
create view v as select a from t;
--- b
create table t (a int);
create view v with (security_barrier, security_invoker) as select a from t where a > 0 with local check option;
