--- a
create table notes (id int primary key, owner text);
alter table notes enable row level security;
create policy own on notes using (owner = current_user);
--- b
create table notes (id int primary key, owner text);
alter table notes enable row level security;
alter table notes force row level security;
create policy own on notes to reader using (owner = 'x') with check (owner = 'y');
comment on policy own on notes is 'p';
