--- a
create table users (id bigint generated always as identity primary key, name text not null);
--- b
create table users (id bigint generated always as identity primary key, name text not null);
comment on table users is 'People';
comment on column users.name is 'As they say it, in "quotes" and ''apostrophes''';
