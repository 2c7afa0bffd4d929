--- a
create table t (a int);
create view v as select a from t;
create function f() returns setof v language sql as $$ select * from v $$;
--- b
create table t (a int);
create view v as select a, 1 as b from t;
create function f() returns setof v language sql as $$ select * from v $$;
