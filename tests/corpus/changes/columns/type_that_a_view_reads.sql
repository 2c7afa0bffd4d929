--- a
create table t (a int, b text);
create view v as select a, b from t;
create view w as select a + 1 as c from v;
--- rows of a
insert into t values (1, 'x');
--- b
create table t (a bigint, b text);
create view v as select a, b from t;
create view w as select a + 1 as c from v;
--- rows of b
insert into t values (1, 'x');
