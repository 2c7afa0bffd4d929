--- a
create table kept (id int primary key);
--- b
create type status as enum ('new', 'paid');
create domain email as text check (value ~ '@');
create type address as (street text, town text);
create function next_code() returns text language sql as $$ select 'c' || floor(random() * 1e6)::text $$;
create table kept (id int primary key, status status, note text);
create function largest() returns int language sql as $$ select max(id) from kept $$;
create table customers (
  id bigint generated always as identity primary key,
  status status not null default 'new',
  email email not null unique,
  code text not null default next_code(),
  number int default largest(),
  lower_name text generated always as (lower(name)) stored,
  name text not null check (name <> ''),
  home address,
  "Odd, (Name)" status[]
);
create table events (id bigint, at date, status status, primary key (id, at)) partition by range (at);
create table events_2025 partition of events for values from ('2025-01-01') to ('2026-01-01');
