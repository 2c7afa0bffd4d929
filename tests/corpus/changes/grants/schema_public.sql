--- a
--- b
revoke usage on schema public from public;
grant usage, create on schema public to writer;
