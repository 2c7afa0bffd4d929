--- a
create table people (id int primary key, name text, street text, city text);
create view addresses as select id, street, city from people;
--- rows of a
insert into people values (1, 'ann', 'x', 'y');
--- b
create table people (id int primary key, name text);
create table addresses (person int primary key references people, street text, city text);
--- rows of b
insert into people values (1, 'ann');
insert into addresses values (1, 'x', 'y');
