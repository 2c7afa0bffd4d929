--- a
create table t (a text, b text, c text);
--- rows of a
insert into t values ('1', '00000000-0000-0000-0000-000000000001', '{}');
--- b
create table t (a int, b uuid, c jsonb);
--- rows of b
insert into t values (1, '00000000-0000-0000-0000-000000000001', '{}');
