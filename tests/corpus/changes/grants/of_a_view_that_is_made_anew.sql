--- a
create view v as select 1 as a;
grant select on v to reader;
--- b
create view v as select 'x'::text as a;
grant select on v to reader, writer;
