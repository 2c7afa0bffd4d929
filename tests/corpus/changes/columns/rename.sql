--- a
create table t (id int primary key, mail text not null unique);
create index on t (lower(mail));
--- rows of a
insert into t values (1, 'a@b');
--- b
create table t (id int primary key, email text not null unique);
create index on t (lower(email));
--- rows of b
insert into t values (1, 'a@b');
--- rename of a: column public.t.mail to email
--- rename of b: column public.t.email to mail
