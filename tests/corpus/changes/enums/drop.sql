--- a
create type mood as enum ('sad', 'ok', 'happy');
create table people (name text, m mood default 'ok');
create index on people (m) where m = 'ok';
--- b
create table people (name text);
