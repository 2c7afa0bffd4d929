--- a
create table t (a int, b text);
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger touch before insert on t for each row execute function touch();
--- b
create table t (a int, b text);
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger touched before insert on t for each row execute function touch();
--- rename of a: trigger public.t.touch to touched
--- rename of b: trigger public.t.touched to touch
