--- a
--- b
set check_function_bodies = off;
create function even(n int) returns bool language sql as $$ select n = 0 or odd(n - 1) $$;
create function odd(n int) returns bool language sql as $$ select n <> 0 and even(n - 1) $$;
reset check_function_bodies;
