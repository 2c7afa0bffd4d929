--- a
create schema s;
alter default privileges in schema s grant select on tables to reader;
--- b
create schema s;
alter default privileges in schema s grant select, insert on tables to reader;
alter default privileges grant execute on functions to writer;
alter default privileges revoke usage on types from public;
