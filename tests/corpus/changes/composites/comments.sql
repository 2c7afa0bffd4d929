--- a
create type address as (street text);
--- b
create type address as (street text);
comment on type address is 'where';
comment on column address.street is 'and the number';
