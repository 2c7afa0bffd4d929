--- a
create aggregate total(int) (sfunc = int4pl, stype = int, initcond = '0');
--- b
create aggregate total(int) (sfunc = int4pl, stype = int, initcond = '10', parallel = safe);
