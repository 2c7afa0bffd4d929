--- a
create table t (a int) with (fillfactor = 70, autovacuum_enabled = off);
--- b
create table t (a int) with (fillfactor = 90, toast_tuple_target = 4096);
