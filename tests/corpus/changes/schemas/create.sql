--- a
--- b
create schema app;
create table app.users (id int primary key);
create view app.ids as select id from app.users;
comment on schema app is 'the app';
