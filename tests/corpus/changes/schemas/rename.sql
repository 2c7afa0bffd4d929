--- a
create schema app;
create table app.t (id serial primary key);
--- rows of a
insert into app.t default values;
--- b
create schema core;
create table core.t (id serial primary key);
--- rows of b
insert into core.t default values;
--- rename of a: schema app to core
--- rename of b: schema core to app
