--- a
create table t (id int, at date not null, note text default 'n') partition by range (at);
create table t_2025 partition of t for values from ('2025-01-01') to ('2026-01-01');
--- b
create table t (id int, at date not null, note text default 'n') partition by range (at);
create table t_2025 partition of t for values from ('2025-01-01') to ('2026-01-01');
alter table t_2025 alter column note set default 'own';
create index t_2025_id on t_2025 (id);
