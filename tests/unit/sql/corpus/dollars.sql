--# a body between two dollar signs | 2
do $$ begin perform 1; perform 'it''s'; end $$; select 2;
--# a body with a tag | 2
do $body$ begin perform $$;$$; end $body$; select 2;
--# tags that are alike | 2
select $a$ $ab$ ; $aa$ $A$ $$ $a$; select 2;
--# a tag with digits and underscores | 2
select $_1$;$_1$, $a1_b$;$1$;$a1_b$; select 2;
--# a tag of other scripts | 2
select $größe$;$größe$, $😀$;$$;$😀$; select 2;
--# comments and quotes in a body mean nothing | 2
do $$ begin -- it's
  /* perform 1; " end $$; select 2;
--# a body in a body | 2
create function f() returns void language plpgsql as $f$
begin
  execute $x$ create function g() returns int language sql as $g$ select 1; $g$; $x$;
end;
$f$; select 2;
--# dollar signs in identifiers | 2
select a$b$ from t$1; select a$$ from t as b$$;
--# a keyword glued to dollar signs is an identifier | 3
select 1 as begin$$; select 2; select end$$ from t;
--# parameters | 2
prepare p as select $1, $2::text; select 2;
--# a parameter before a body | 2
prepare q as select $1+$$;$$::int; select 2;
--# an empty body | 2
do $$$$; select $a$$a$, $$a$$;
--# a tag that only begins like the closing one | 2
select $ab$ $a$ab$; select 2;
--# a number before a body | 2
select 1,$$;$$; select 2;
--# a body behind an operator | 2
select 'a'||$$;$$||'b'; select 2;
--# dollars inside a string | 2
select '$$'; select '$$;$a$';
--# a body that ends at the file's end | 1
do $$ begin null; end; $$
