--- a
create schema a;
create schema b;
create table a.t (x int);
--- b
create schema a;
create schema b;
create table b.t (x int);
create table public.t (x text);
