--- a
create type span as range (subtype = int4);
create table t (a span);
--- b
create type span as range (subtype = int8);
create table t (a span);
--- cannot reach a: public.span
--- cannot reach b: public.span
