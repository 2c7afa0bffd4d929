--- a
create table t (room int, during tsrange);
--- b
create table t (room int, during tsrange, exclude using gist (during with &&));
