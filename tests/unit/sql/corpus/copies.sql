--# the data of a copy | 2
copy t from stdin;
1	it's; not SQL
2	$$ /* " \N
\.
select 2;
--# no data | 2
copy t from stdin;
\.
select 2;
--# upper case, columns and options | 2
COPY public.t (a, "b;c") FROM STDIN WITH (FORMAT csv, DELIMITER ';', NULL '\N');
1;2
\.
select 2;
--# quoted names | 1
copy "from"."stdin;" ("to") from stdin;
x
\.
--# a condition | 2
copy t from stdin where a is distinct from 1;
1
\.
select 2;
--# comments between the words and behind the semicolon | 2
copy t /* ; */ from -- ;
stdin /* ; */ ; /* now */ -- the data
1
\.
select 2;
--# data that looks like its end | 2
copy t from stdin;
\.x
 \.
\\.
a\.
\. 
\N
\.
select 2;
--# data that looks like a directive and a command | 2
copy t from stdin;
-- mig: bogus
\i file.sql
\.
select 2;
--# two copies | 3
copy a from stdin;
1
\.
copy b from stdin;
2
\.
select 2;
--# the data ends the file | 1
copy t from stdin;
1
\.
--# stdout means stdin behind FROM | 2
copy t from stdout;
1
\.
select 2;
--# a copy from a file | 2
copy t from '/tmp/a;b' with (format csv); select 2;
--# a copy from a file under a condition about stdin | 2
copy t from '/tmp/a' where a is distinct from stdin; select 2;
--# a copy from a program | 2
copy t from program 'echo from stdin;'; select 2;
--# a copy to the client | 2
copy t to stdout; copy t to stdin;
--# a query copied to the client | 2
copy (select a from stdin) to stdout; select 2;
--# from stdin in a string | 2
select 'copy t from stdin;'; select 2;
--# from stdin in another statement | 2
select a as copy from stdin; delete from stdin;
--# from stdin in a body | 2
do $$ begin copy t from stdin; end $$; select 2;
