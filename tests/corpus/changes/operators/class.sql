--- a
create function cmp(a int, b int) returns int language sql immutable as $$ select case when a > b then -1 when a < b then 1 else 0 end $$;
create table t (a int);
--- b
create function cmp(a int, b int) returns int language sql immutable as $$ select case when a > b then -1 when a < b then 1 else 0 end $$;
create operator class down for type int using btree as operator 1 >, operator 2 >=, operator 3 =, operator 4 <=, operator 5 <, function 1 cmp(int, int);
create table t (a int);
create index on t (a down);
