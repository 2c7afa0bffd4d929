--- a
create type mood as enum ('sad', 'ok', 'happy');
create table people (name text, m mood default 'ok');
create index on people (m) where m = 'ok';
--- rows of a
insert into people values ('ann', 'sad');
--- b
create type mood as enum ('happy', 'ok', 'sad');
create table people (name text, m mood default 'ok');
create index on people (m) where m = 'ok';
--- rows of b
insert into people values ('ann', 'sad');
