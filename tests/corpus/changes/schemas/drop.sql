--- a
create schema app;
create domain app.text5 as varchar(5);
create table app.t (a app.text5);
create function app.f(a app.text5) returns int language sql as $$ select 1 $$;
--- b
