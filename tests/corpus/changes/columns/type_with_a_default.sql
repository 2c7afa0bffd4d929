--- a
create table t (a text default 'x', b int default 5, c text default '7', d int default 1 + 1);
--- rows of a
insert into t values ('v', 1, '2', 3);
--- b
create table t (a varchar(5) default 'x', b bigint default 5, c int default 7, d numeric default 2);
--- rows of b
insert into t values ('v', 1, 2, 3);
