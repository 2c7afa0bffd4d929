--- a
--- b
create sequence s;
create sequence odd as smallint increment by 2 minvalue 1 maxvalue 99 start with 3 cache 5 cycle;
