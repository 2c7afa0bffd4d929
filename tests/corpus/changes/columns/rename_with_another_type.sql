--- a
create table t (n int);
--- rows of a
insert into t values (1);
--- b
create table t (amount bigint not null);
--- rows of b
insert into t values (1);
--- rename of a: column public.t.n to amount
--- rename of b: column public.t.amount to n
