--- a
create table t (a int constraint t_a unique);
--- b
create table t (a int constraint t_a unique deferrable initially deferred);
