--- a
create table t (a int, b text);
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
--- b
create table t (a int, b text);
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create constraint trigger touch after insert on t deferrable initially deferred for each row execute function touch();
