--- a
create table t (a int, b text);
create materialized view m as select a from t;
create index m_a on m (a);
create view v as select a from m;
--- rows of a
insert into t values (1, 'x');
--- b
create table t (a bigint, b text);
create materialized view m as select a, b from t;
create index m_a on m (a);
create view v as select a from m;
--- rows of b
insert into t values (1, 'x');
