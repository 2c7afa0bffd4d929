--- a
create table t (id int, at date not null, note text default 'n') partition by range (at);
create table t_2025 partition of t for values from ('2025-01-01') to ('2026-01-01');
--- rows of a
insert into t values (1, '2025-05-05');
--- b
create table t (id int, at date not null, note text default 'n') partition by range (at);
create table t_2025 partition of t for values from ('2025-01-01') to ('2026-01-01');
create table t_2026 partition of t for values from ('2026-01-01') to ('2027-01-01');
--- rows of b
insert into t values (1, '2025-05-05');
