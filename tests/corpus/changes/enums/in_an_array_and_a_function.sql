--- a
create type mood as enum ('sad', 'ok', 'happy');
create table t (m mood[] default '{ok}');
create function f(m mood) returns text language sql as $$ select m::text $$;
--- rows of a
insert into t values ('{sad,ok}');
--- b
create type mood as enum ('sad', 'ok');
create table t (m mood[] default '{ok}');
create function f(m mood) returns text language sql as $$ select m::text $$;
--- rows of b
insert into t values ('{sad,ok}');
