--- a
create table t (a smallint, b int, c varchar(10), d numeric(6,2), e real);
--- rows of a
insert into t values (1, 2, 'x', 3.14, 1.5);
--- b
create table t (a int, b bigint, c text, d numeric(10,4), e double precision);
--- rows of b
insert into t values (1, 2, 'x', 3.14, 1.5);
