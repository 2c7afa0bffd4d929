--- a
create table t (id int, at date not null, note text default 'n') partition by range (at);
create table t_2025 partition of t for values from ('2025-01-01') to ('2026-01-01');
--- b
create table t (id int, at date not null, note text default 'n') partition by range (at);
create table t_2025 partition of t for values from ('2025-01-01') to ('2026-01-01');
create index t_note on t (note);
alter table t add constraint t_id check (id > 0);
create table p (id int primary key);
alter table t add foreign key (id) references p;
