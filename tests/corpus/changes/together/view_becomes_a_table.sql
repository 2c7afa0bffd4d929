--- a
create view t as select 1 as a;
--- b
create table t (a int);
