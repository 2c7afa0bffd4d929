--- a
create table t (a text, b int[], c varchar(10)[]);
--- rows of a
insert into t values ('{x}', '{1}', '{y}');
--- b
create table t (a text[], b bigint[], c text[]);
--- rows of b
insert into t values ('{x}', '{1}', '{y}');
