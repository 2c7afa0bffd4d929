--- a
create table users (id bigint generated always as identity primary key, name text not null);
create table posts (id int primary key, user_id bigint references users);
--- rows of a
insert into posts values (1);
--- b
create table posts (id int primary key);
--- rows of b
insert into posts values (1);
