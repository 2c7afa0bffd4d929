--- a
create type e as enum ('x');
create cast (text as e) with inout as assignment;
--- b
create type e as enum ('x');
create cast (text as e) with inout as implicit;
