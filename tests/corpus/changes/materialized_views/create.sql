--- a
create table t (a int, b text);
--- b
create table t (a int, b text);
create materialized view m as select a, count(*) as n from t group by a;
create unique index on m (a);
comment on materialized view m is 'how many';
