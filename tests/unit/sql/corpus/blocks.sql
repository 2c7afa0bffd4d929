--# a rule with several actions | 2
create rule r as on insert to t do also (insert into a values (1); insert into b values (')'); delete from c); select 2;
--# a function with a body of SQL | 2
create function f() returns int language sql begin atomic select 1; select 2; end; select 3;
--# a function or its replacement | 2
create or replace function f(a int) returns int begin atomic insert into t values (a); select a; end; select 3;
--# a procedure | 2
create procedure p(a int) begin atomic insert into t values (a); end; select 3;
--# CASE in a body of SQL | 2
create function f(a int) returns text begin atomic
  select case a when 1 then 'one' when 2 then case when true then 'x' end else 'more' end;
  select 2;
end; select 3;
--# a column named end in a body of SQL | 2
create function f() returns int begin atomic select 1 as end; select t.end from t; end; select 3;
--# a column named end without AS | 2
create function f() returns int begin atomic select 1 end; select 2; end; select 3;
--# a column named case in a body of SQL | 2
create function f() returns int begin atomic select 1 as case; end; select 3;
--# an empty body | 2
create procedure p() begin atomic end; select 3;
--# comments between the words | 2
create /* ; */ or -- ;
replace function f() returns int begin /* ; */ atomic select 1; /* ; */ end; select 3;
--# parentheses in a body of SQL | 2
create function f() returns int begin atomic select (case when (select true) then 1 end); end; select 3;
--# a body with a return | 2
create function f(a int) returns int return a + 1; select 3;
--# a function named begin | 2
create function begin() returns int language sql as 'select 1; select 2'; select 3;
--# an argument named atomic | 2
create function f(begin int, atomic int) returns int language sql as $$ select 1; $$; select 3;
--# begin and end as transaction control | 3
begin; select 1; end;
--# a case outside of a body | 2
select case when true then 1 end; select 2;
--# a trigger is no function | 2
create trigger t before insert on a for each row execute function f(); select 2;
--# a schema with its objects | 2
create schema s create table t (a int) create view v as select 1; select 2;
--# arrays and slices | 2
select a[1:2], array[1, (2)] from t; select '{}'::int[];
--# casts, psql variables and named arguments | 2
select a::text, f(b => 1), c /* :name */ from t; select 2;
--# operators | 2
select a <-> b, a @> b, a ?| b, a #>> '{;}', ~a, !!b, a ~* ';' from t; select 2;
--# a custom operator | 2
create operator === (leftarg = int, rightarg = int, function = int4eq); select 1 operator(pg_catalog.+) 2;
--# numbers | 2
select 1., .5, 1e10, 1.5e-3, 0x1F, 0b01, 1_000 from t; select 2;
--# words that are almost keywords | 2
create table functions (begin_at int, atomic text, "begin" int, "end" int); select 2;
--# a function of a language without a body in quotes | 2
create function f(int) returns int language c as 'lib;x', 'sym;y'; select 2;
--# a function named atomic | 2
create function atomic() returns int language sql as 'select 1; select 2'; select 3;
--# columns named begin and atomic | 2
select begin atomic from t; select 2;
