--- a
create domain d as int check (value > 0);
create table t (a d, b int);
--- rows of a
insert into t values (1);
--- b
create domain d as bigint check (value > 0);
create table t (a d, b int);
--- rows of b
insert into t values (1);
--- cannot reach a: public.d
--- cannot reach b: public.d
