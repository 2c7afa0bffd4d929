--- a
create type pair as (a int, b int);
--- b
create type pair as (a int, b int);
create function first(p pair) returns int language sql immutable as $$ select p.a $$;
create cast (pair as int) with function first(pair) as assignment;
comment on cast (pair as int) is 'the first';
create domain n as int;
create view v as select row(1, 2)::pair::int as x;
