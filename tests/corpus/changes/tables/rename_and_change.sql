--- a
create table users (id bigint generated always as identity primary key, name text not null);
--- rows of a
insert into users (name) values ('ann');
--- b
create table people (id bigint generated always as identity primary key, name varchar(80) not null, age int);
--- rows of b
insert into people (name, age) values ('ann', 7);
--- rename of a: table public.users to people
--- rename of b: table public.people to users
