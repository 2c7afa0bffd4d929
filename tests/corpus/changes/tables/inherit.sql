--- a
create table base (id int, made timestamptz);
create table child (id int, made timestamptz, more text);
--- rows of a
insert into child (id, more) values (1, 'x');
--- b
create table base (id int, made timestamptz);
create table child (more text) inherits (base);
--- rows of b
insert into child (id, more) values (1, 'x');
--- cannot reach b: public.child
