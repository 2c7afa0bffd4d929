--- a
create table base (id int not null, made timestamptz default now());
--- b
create table base (id int not null, made timestamptz default now());
create table child (more text) inherits (base);
