--- a
create table t (a timestamp, b timestamptz, c date, d time);
--- rows of a
insert into t values ('2026-01-01', '2026-01-01', '2026-01-01', '12:00');
--- b
create table t (a timestamptz, b date, c timestamp, d interval);
--- rows of b
insert into t values ('2026-01-01', '2026-01-01', '2026-01-01', '12:00');
