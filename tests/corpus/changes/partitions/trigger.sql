--- a
create table t (id int, at date not null, note text default 'n') partition by range (at);
create table t_2025 partition of t for values from ('2025-01-01') to ('2026-01-01');
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
--- b
create table t (id int, at date not null, note text default 'n') partition by range (at);
create table t_2025 partition of t for values from ('2025-01-01') to ('2026-01-01');
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger touch before insert on t for each row execute function touch();
