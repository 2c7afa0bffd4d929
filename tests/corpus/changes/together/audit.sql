--- a
create table accounts (id int primary key, balance numeric);
--- rows of a
insert into accounts values (1, 5);
--- b
create schema audit;
create table accounts (id int primary key, balance numeric not null default 0);
create table audit.log (id bigint generated always as identity, at timestamptz default now(), row jsonb, old jsonb);
create function audit.note() returns trigger language plpgsql security definer as $$
begin
  insert into audit.log (row, old) values (to_jsonb(new), to_jsonb(old));
  return new;
end
$$;
create trigger note after insert or update on accounts for each row execute function audit.note();
alter table accounts enable row level security;
create policy readers on accounts for select to reader using (balance >= 0);
grant select on accounts to reader;
grant usage on schema audit to writer;
--- rows of b
insert into accounts values (1, 5);
