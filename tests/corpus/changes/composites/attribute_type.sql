--- a
create type address as (street text, zip int);
--- b
create type address as (street varchar(10), zip text);
