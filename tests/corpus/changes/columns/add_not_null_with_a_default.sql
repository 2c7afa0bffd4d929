--- a
create table t (a int);
--- rows of a
insert into t values (1);
--- b
create table t (a int, b text not null default 'none', c timestamptz not null default now());
--- rows of b
insert into t values (1);
