--- a
create table t (a int);
--- b
create table t (a int);
create materialized view m as select a from t with no data;
