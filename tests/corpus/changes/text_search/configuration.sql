--- a
create table t (a text);
--- rows of a
insert into t values ('x');
--- b
create text search dictionary plain (template = simple, accept = false);
create text search configuration own (copy = english);
alter text search configuration own alter mapping for word, asciiword with plain, english_stem;
create table t (a text, v tsvector generated always as (to_tsvector('public.own', a)) stored);
create index on t using gin (v);
comment on text search configuration own is 'ours';
--- rows of b
insert into t values ('x');
