--- a
create table t (a int, b text, gone timestamptz);
create index t_a on t (a);
--- b
create table t (a int, b text, gone timestamptz);
create index t_a on t (a) where gone is null;
create unique index on t (lower(b), (a + 1)) include (gone);
