--- a
create function f(a int) returns int language sql as $$ select a $$;
create view v as select f(1) as x;
--- b
create function f(a int, b int default 2) returns bigint language sql as $$ select a + b $$;
create view v as select f(1) as x;
