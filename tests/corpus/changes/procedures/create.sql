--- a
create table t (a int);
--- b
create table t (a int);
create procedure fill(n int) language plpgsql as $$ begin insert into t select generate_series(1, n); commit; end $$;
comment on procedure fill(int) is 'fills';
