--- a
create table users (id bigint generated always as identity primary key, name text not null);
comment on table users is 'old';
comment on column users.id is 'x';
--- b
create table users (id bigint generated always as identity primary key, name text not null);
comment on table users is e'new\nline';
