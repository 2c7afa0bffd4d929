--- a
create table t (state text not null default 'new', constraint known check (state in ('new', 'old')));
--- rows of a
insert into t values ('old');
--- b
create type state as enum ('new', 'old');
create table t (state state not null default 'new');
--- rows of b
insert into t values ('old');
