--- a
--- b
create table t (a int, b text) partition by list (b);
create table t_x partition of t for values in ('x', 'y') partition by hash (a);
create table t_x_0 partition of t_x for values with (modulus 2, remainder 0);
create table t_x_1 partition of t_x for values with (modulus 2, remainder 1);
