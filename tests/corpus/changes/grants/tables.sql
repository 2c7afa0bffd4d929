--- a
create table notes (id int primary key, owner text);
--- b
create table notes (id int primary key, owner text);
grant select, insert on notes to reader;
grant all on notes to writer with grant option;
grant select on notes to public;
