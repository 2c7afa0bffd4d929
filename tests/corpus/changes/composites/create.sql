--- a
--- b
create type address as (street text, zip varchar(10));
create table t (a address, b address[]);
