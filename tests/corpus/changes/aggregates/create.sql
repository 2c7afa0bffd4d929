--- a
--- b
create function add_up(a int, b int) returns int language sql immutable as $$ select a + coalesce(b, 0) $$;
create aggregate total(int) (sfunc = add_up, stype = int, initcond = '0');
comment on aggregate total(int) is 'sum';
