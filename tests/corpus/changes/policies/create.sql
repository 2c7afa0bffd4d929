--- a
create table notes (id int primary key, owner text);
--- b
create table notes (id int primary key, owner text);
alter table notes enable row level security;
create policy own on notes for select to reader, writer using (owner = current_user);
create policy put on notes as restrictive for insert with check (owner <> '');
