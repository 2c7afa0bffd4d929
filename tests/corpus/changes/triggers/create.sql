--- a
create table t (a int, b text);
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
--- b
create table t (a int, b text);
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger touch before insert or update of a on t for each row when (new.a is not null) execute function touch();
create trigger told after delete on t referencing old table as gone for each statement execute function touch();
