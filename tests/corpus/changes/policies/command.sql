--- a
create table notes (id int primary key, owner text);
create policy own on notes for select using (true);
--- b
create table notes (id int primary key, owner text);
create policy own on notes for update using (true);
