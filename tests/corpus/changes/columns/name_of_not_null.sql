--- a
create table t (a int not null, b int constraint b_is_there not null);
--- b
create table t (a int constraint a_is_there not null, b int not null);
