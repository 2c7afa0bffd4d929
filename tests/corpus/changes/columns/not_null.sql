--- a
create table t (a int, b text);
--- rows of a
insert into t values (1, 'x');
--- b
create table t (a int not null, b text not null);
--- rows of b
insert into t values (1, 'x');
