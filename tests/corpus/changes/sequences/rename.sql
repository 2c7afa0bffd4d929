--- a
create sequence s;
create table t (a int default nextval('s'));
--- rows of a
insert into t default values;
--- b
create sequence r;
create table t (a int default nextval('r'));
--- rows of b
insert into t default values;
--- rename of a: sequence public.s to r
--- rename of b: sequence public.r to s
