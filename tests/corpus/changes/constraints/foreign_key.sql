--- a
create table p (id int primary key);
create table c (p int);
--- rows of a
insert into p values (1);
insert into c values (1);
--- b
create table p (id int primary key);
create table c (p int references p on delete cascade on update set null);
--- rows of b
insert into p values (1);
insert into c values (1);
