--- a
create table t (a text);
--- rows of a
insert into t values ('x');
--- b
create extension citext;
create extension pg_trgm;
create table t (a citext);
create index on t using gin (a gin_trgm_ops);
--- rows of b
insert into t values ('x');
