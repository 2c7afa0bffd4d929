--- a
create table cache (key text primary key, value text);
--- rows of a
insert into cache values ('a', 'b');
--- b
create unlogged table cache (key text primary key, value text);
--- rows of b
insert into cache values ('a', 'b');
