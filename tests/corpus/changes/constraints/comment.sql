--- a
create table t (a int constraint positive check (a > 0));
--- b
create table t (a int constraint positive check (a > 0));
comment on constraint positive on t is 'It''s more than nothing';
