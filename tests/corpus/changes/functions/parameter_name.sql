--- a
create function f(a int) returns int language sql as $$ select a $$;
--- b
create function f(b int) returns int language sql as $$ select b $$;
