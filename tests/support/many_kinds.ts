/** A schema with something of each kind that people have in their databases, in words that every version from 14 on keeps. */

export const MANY_KINDS = `create type mood as enum ('sad', 'ok', 'it''s fine');
create domain email as text check (value ~ '@');
create sequence tickets start 100 increment 5;
create table users (
  id integer generated always as identity primary key,
  email email not null unique,
  mood mood default 'ok',
  ticket bigint default nextval('tickets'),
  note text default E'back\\\\slash; ''quote'' $$',
  upper_email text generated always as (upper(email)) stored
);
alter sequence tickets owned by users.ticket;
create table pets (
  id serial primary key,
  owner integer references users deferrable initially deferred,
  tags text[] not null default '{}',
  constraint "odd ""name"";" check (id > 0)
);
create index pets_tags on pets using gin (tags);
create unique index users_mail on users (lower(email)) where mood <> 'sad';
create table events (at timestamptz not null, what text) partition by range (at);
create table events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01');
create function touched() returns trigger language plpgsql as $body$
begin
  -- a comment; with a semicolon
  new.note := 'touched';
  return new;
end $body$;
create function twice(n integer) returns integer begin atomic select n; select (n * 2); end;
create procedure nothing() language sql as 'select 1;';
create trigger touch before update on users for each row execute function touched();
`;
