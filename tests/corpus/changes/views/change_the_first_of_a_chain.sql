--- a
create table t (a int, b text);
create view v as select a, b from t;
create view w as select a from v where b is not null;
create view x as select count(*) as n from w;
--- b
create table t (a int, b text);
create view v as select a, b, upper(b) as c from t where a > 0;
create view w as select a from v where b is not null;
create view x as select count(*) as n from w;
