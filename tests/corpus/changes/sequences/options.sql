--- a
create sequence s;
--- b
create sequence s as int increment by -1 minvalue -100 maxvalue 100 start with 50 cache 2 cycle;
