--- a
create table t (a int not null, b int not null);
--- rows of a
insert into t values (1, 2);
--- b
create table t (a int not null, b int not null, primary key (a, b));
--- rows of b
insert into t values (1, 2);
