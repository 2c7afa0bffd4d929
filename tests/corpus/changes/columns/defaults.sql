--- a
create table t (a int default 1, b text default 'a''b\\c', c timestamptz default now(), d jsonb default '{}', e text[]);
--- b
create table t (a int default 2, b text, c timestamptz default clock_timestamp(), d jsonb default '{"a": 1}', e text[] default '{}');
