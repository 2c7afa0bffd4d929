--- a
create type mood as enum ('sad', 'ok', 'happy');
create table people (name text, m mood default 'ok');
create index on people (m) where m = 'ok';
--- rows of a
insert into people values ('ann', 'sad');
--- b
create type mood as enum ('sad', 'ok', 'happy', 'great');
create table people (name text, m mood default 'great');
create index on people (m) where m = 'ok';
create view merry as select name from people where m = 'great';
--- rows of b
insert into people values ('ann', 'sad');
