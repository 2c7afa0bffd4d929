--- a
create table t (a int);
create index old_name on t (a);
--- b
create table t (a int);
create index new_name on t (a);
--- rename of a: index public.old_name to new_name
--- rename of b: index public.new_name to old_name
