--- a
create type point3 as (x int, y int, z int);
create table t (x int, y int, z int);
--- b
create type point3 as (x int, y int, z int);
create table t of point3;
