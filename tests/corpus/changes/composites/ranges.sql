--- a
--- b
create type floatrange as range (subtype = float8, subtype_diff = float8mi);
create table t (r floatrange, m floatmultirange);
