--- a
create table t (a bigint generated always as identity, b int generated always as identity (minvalue 5 maxvalue 500 cycle));
--- b
create table t (a bigint generated always as identity (start with 100 cache 20), b int generated always as identity (increment by -1 minvalue -500 maxvalue -1));
