--- a
create schema s;
create sequence q;
create function f() returns int language sql as $$ select 1 $$;
create type e as enum ('x');
--- b
create schema s;
create sequence q;
create function f() returns int language sql as $$ select 1 $$;
create type e as enum ('x');
grant usage, create on schema s to reader;
grant usage on sequence q to reader;
revoke execute on function f() from public;
grant execute on function f() to writer;
revoke usage on type e from public;
