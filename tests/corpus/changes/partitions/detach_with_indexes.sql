--- a
create table events (id bigint, at date not null, primary key (id, at)) partition by range (at);
create index on events (at);
create table events_2025 partition of events for values from ('2025-01-01') to ('2026-01-01');
create table events_rest partition of events default;
--- rows of a
insert into events values (1, '2025-02-02'), (2, '2027-02-02');
--- b
create table events (id bigint, at date not null, primary key (id, at)) partition by range (at);
create index on events (at);
create table events_2025 partition of events for values from ('2025-01-01') to ('2026-01-01');
create table events_rest (id bigint not null, at date not null, constraint events_rest_pkey primary key (id, at));
create index events_rest_at_idx on events_rest (at);
--- rows of b
insert into events values (1, '2025-02-02');
insert into events_rest values (2, '2027-02-02');
