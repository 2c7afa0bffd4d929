--- a
create function f() returns int language sql as $$ select 1 $$;
--- b
create function f() returns int language sql stable cost 5 as $$ select 2 $$;
