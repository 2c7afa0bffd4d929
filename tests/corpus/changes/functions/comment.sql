--- a
create function f(a int, b text) returns int language sql as $$ select 1 $$;
--- b
create function f(a int, b text) returns int language sql as $$ select 1 $$;
comment on function f(int, text) is 'always one';
