--- a
create table t (a int, b text);
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create view v as select a from t;
--- b
create table t (a int, b text);
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create view v as select a from t;
create trigger put instead of insert on v for each row execute function touch();
