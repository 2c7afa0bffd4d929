--- a
create table t (a int primary key, b int not null);
create table s (a int references t);
--- rows of a
insert into t values (1, 2);
insert into s values (1);
--- b
create table t (a int unique not null, b int primary key);
create table s (a int references t (a));
--- rows of b
insert into t values (1, 2);
insert into s values (1);
