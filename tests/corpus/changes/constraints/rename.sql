--- a
create table t (a int constraint old_name check (a > 0));
--- b
create table t (a int constraint new_name check (a > 0));
--- rename of a: constraint public.t.old_name to new_name
--- rename of b: constraint public.t.new_name to old_name
