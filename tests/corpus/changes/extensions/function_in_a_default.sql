--- a
create extension "uuid-ossp";
create table t (id uuid default uuid_generate_v4());
--- b
create table t (id uuid default gen_random_uuid());
