--- a
create table kept (id int primary key);
create table a (id int primary key, b int, kept int references kept);
create table b (id int primary key, a int references a, parent int references b);
create table c (id int primary key, b int references b, status int);
alter table a add foreign key (b) references b deferrable initially deferred;
create type mood as enum ('ok');
create table customers (id int primary key, mood mood);
create table orders (id int primary key, customer int references customers);
create table lines (id int primary key, ordered int references orders);
--- b
create table kept (id int primary key);
