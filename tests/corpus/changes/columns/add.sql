--- a
create table users (id bigint generated always as identity primary key, name text not null);
--- rows of a
insert into users (name) values ('ann'), ('bob');
--- b
create table users (id bigint generated always as identity primary key, email text, name text not null);
--- rows of b
insert into users (name) values ('ann'), ('bob');
