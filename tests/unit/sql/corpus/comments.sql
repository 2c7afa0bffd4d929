--# a semicolon in a comment | 2
select 1 -- one; two
; /* three; */ select 2;
--# comments nest | 2
select 1 /* a /* b; */ c; */; select 2;
--# stars and slashes | 2
select 1 /***;***/ + /*/;/*;*/*/ 2; select 2;
--# a comment that opens twice | 1
/* /* ; */ ; */ select 1;
--# a quote in a comment | 2
select 1 -- it's
; /* it's "; $$ */ select 2;
--# a comment in a line comment | 2
select 1 -- /* ;
; select 2;
--# a line comment in a comment | 2
select 1 /* -- */; select 2;
--# an operator ends where a line comment begins | 2
select 1+--;
2; select 2;
--# an operator ends where a comment begins | 2
select 2*/*;*/3; select 1-/*;*/1;
--# a comment ends between operators | 2
select 1 /**/-/**/ 1; select 1/ 1;
--# minus signs with a space between | 2
select 1 - - 1; select - -1;
--# a comment behind the last statement | 1
select 1; -- the end;
/* really; */
--# a comment behind a last statement without a semicolon | 1
select 1 -- the end;
--# only comments | 0
-- a;
/* b; */
--# only semicolons | 0
;; ; /* ; */ ;
--# nothing at all | 0

--# empty statements between | 2
;; select 1;; ;
-- ;
select 2;;
--# no semicolon at the end | 2
select 1; select 2
--# two minus signs inside quotes | 2
select '--', "--", $$--$$ from t; select '/*', E'/*', $$/*$$;
