--- a
create view v as select 1 as a;
create view w as select a from v;
--- b
create view v as select '1'::text as a;
create view w as select a from v;
