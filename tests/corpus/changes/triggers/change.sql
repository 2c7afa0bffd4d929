--- a
create table t (a int, b text);
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger touch before insert on t for each row execute function touch();
--- b
create table t (a int, b text);
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger touch after update on t for each row when (old.* is distinct from new.*) execute function touch('x');
comment on trigger touch on t is 'y';
