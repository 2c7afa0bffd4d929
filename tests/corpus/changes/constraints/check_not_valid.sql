--- a
create table t (a int);
--- rows of a
insert into t values (-1);
--- b
create table t (a int);
alter table t add constraint positive check (a > 0) not valid;
