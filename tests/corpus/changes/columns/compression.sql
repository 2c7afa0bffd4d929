--- a
create table t (a text, b text compression pglz);
--- b
create table t (a text compression pglz, b text);
