--- a
create function f(a int) returns int language sql as $$ select a $$;
create view v as select f(1) as x;
--- b
create function f(a int) returns text language sql as $$ select a::text $$;
create view v as select f(1) as x;
