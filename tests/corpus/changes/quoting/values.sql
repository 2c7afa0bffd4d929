--- a
--- b
create type e as enum ('it''s', 'a"b', 'c\d', 'é', '$$');
create table t (a e default 'it''s', b text default e'tab\tand \\', c text default '$tag$');
comment on table t is 'SELECT ''x''; -- no comment';
create function f() returns text language sql as $f$ select '$$ CREATE TABLE "X"' $f$;
