--- a
create table notes (id int primary key, owner text);
create schema s;
--- b
create table notes (id int primary key, owner text);
alter table notes owner to writer;
create schema s;
alter schema s owner to reader;
create function f() returns int language sql as $$ select 1 $$;
alter function f() owner to writer;
create table another (a int);
create table one_more (a int);
create table last (a int);
