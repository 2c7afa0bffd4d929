--- a
create domain d as text;
create table t (a d);
--- b
create domain d as text collate "C";
create table t (a d);
--- cannot reach a: public.d
--- cannot reach b: public.d
