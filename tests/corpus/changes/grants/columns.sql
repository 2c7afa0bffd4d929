--- a
create table notes (id int primary key, owner text);
grant update (owner) on notes to reader;
--- b
create table notes (id int primary key, owner text);
grant select (id, owner), update (id) on notes to reader;
