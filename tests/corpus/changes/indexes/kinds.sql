--- a
create table t (a int, b text, c jsonb, d int[], e point);
--- b
create table t (a int, b text, c jsonb, d int[], e point);
create index on t (a desc nulls last, b text_pattern_ops);
create index on t using hash (b);
create index on t using gin (c jsonb_path_ops);
create index on t using gin (d);
create index on t using gist (e);
create index on t using brin (a) with (pages_per_range = 8);
