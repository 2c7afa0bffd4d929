--- a
create type address as (street text, zip int);
create table t (a address);
--- rows of a
insert into t values (('x', 1));
--- b
create type address as (street text, zip text);
create table t (a address);
--- rows of b
insert into t values (('x', '1'));
--- cannot reach a: public.address.zip
--- cannot reach b: public.address.zip
