--- a
create procedure p(n int) language sql as $$ select n $$;
--- b
create function p(n int) returns int language sql as $$ select n $$;
