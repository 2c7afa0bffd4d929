--- a
create table t (a text);
create table u (a text) with (toast.autovacuum_enabled = false);
--- b
create table t (a text) with (toast.autovacuum_enabled = false, toast.autovacuum_vacuum_threshold = 500);
create table u (a text);
create table v (a text) with (toast.autovacuum_enabled = false, fillfactor = 70);
