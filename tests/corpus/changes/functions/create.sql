--- a
--- b
create function add(a int, b int default 1) returns int language sql immutable strict parallel safe as $$ select a + b $$;
create function touch() returns trigger language plpgsql security definer set search_path = public as $fn$
begin
  -- It's $$ quoted
  new.made := now();
  return new;
end
$fn$;
create function pairs(n int) returns table (a int, b text) language sql as $$ select n, 'x' $$;
create function total(variadic numbers int[]) returns bigint language sql as $$ select sum(n) from unnest(numbers) n $$;
