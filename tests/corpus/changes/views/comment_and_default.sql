--- a
create table t (a int, b int);
create view v as select a, b from t;
--- b
create table t (a int, b int);
create view v as select a, b from t;
comment on view v is 'all';
comment on column v.a is 'first';
alter view v alter column b set default 5;
