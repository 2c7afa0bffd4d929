--- a
create table t (a int, b text);
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger touch before insert on t for each row execute function touch();
--- b
create table t (a int, b text);
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger touch before insert on t for each row execute function touch();
alter table t disable trigger touch;
