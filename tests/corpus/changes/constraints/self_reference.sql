--- a
create table t (id int primary key);
--- b
create table t (id int primary key, parent int references t, root int not null default 1 references t);
