--- a
create table a (x int);
create table b (x int, y int);
create table c (y int) inherits (a);
--- rows of a
insert into c values (1, 2);
--- b
create table a (x int);
create table b (x int, y int);
create table c () inherits (b);
--- rows of b
insert into c values (1, 2);
--- cannot reach a: public.c
--- cannot reach b: public.c
