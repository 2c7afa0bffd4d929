--- a
create extension btree_gist;
create table t (id int, during daterange);
--- b
create extension btree_gist;
create table t (id int, during daterange, primary key (id, during without overlaps));
