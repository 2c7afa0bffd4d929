--- a
create function cat(a text, b int) returns text language sql immutable as $$ select a || b $$;
--- b
create function cat(a text, b int) returns text language sql immutable as $$ select a || b $$;
create function tac(a int, b text) returns text language sql immutable as $$ select b || a $$;
create operator ### (function = cat, leftarg = text, rightarg = int, commutator = ###);
create operator ### (function = tac, leftarg = int, rightarg = text, commutator = ###);
create operator !!! (function = abs, rightarg = int);
create view v as select 'x'::text ### 1 as a;
comment on operator ### (text, int) is 'glue';
