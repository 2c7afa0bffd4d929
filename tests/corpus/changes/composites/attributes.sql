--- a
create type address as (street text, zip varchar(10));
create table t (a address);
--- rows of a
insert into t values (('x', '1'));
--- b
create type address as (street text, city text);
create table t (a address);
--- rows of b
insert into t values (('x', 'y'));
