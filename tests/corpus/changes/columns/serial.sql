--- a
create table t (b text);
--- rows of a
insert into t (b) values ('x');
--- b
create table t (id serial primary key, b text, c bigserial, d smallserial);
--- rows of b
insert into t (b) values ('x');
