--- a
create procedure p(inout n int) language sql as $$ select n $$;
--- b
create procedure p(inout n int) language sql as $$ select n + 1 $$;
