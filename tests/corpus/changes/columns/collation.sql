--- a
create table t (a text, b text collate "C", c varchar(10));
--- rows of a
insert into t values ('x', 'y', 'z');
--- b
create table t (a text collate "C", b text, c varchar(10) collate "POSIX");
create index on t (a);
--- rows of b
insert into t values ('x', 'y', 'z');
