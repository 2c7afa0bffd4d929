--- a
create table customers (id serial primary key, name text);
create table orders (id serial primary key, customer int references customers, total numeric);
create view totals as select customer, sum(total) as total from orders group by customer;
--- rows of a
insert into customers (name) values ('ann');
insert into orders (customer, total) values (1, 5);
--- b
create type order_state as enum ('open', 'paid');
create table customers (id serial primary key, name text not null, email text unique);
create table products (sku text primary key, price numeric(10,2) not null check (price > 0));
create table orders (id serial primary key, customer int not null references customers on delete cascade, state order_state not null default 'open', made timestamptz not null default now());
create table order_lines (order_id int references orders on delete cascade, sku text references products, quantity int not null default 1, primary key (order_id, sku));
create index on orders (customer) where state = 'open';
create view totals as select o.customer, sum(l.quantity * p.price) as total from orders o join order_lines l on l.order_id = o.id join products p using (sku) group by o.customer;
create function order_total(o orders) returns numeric language sql stable as $$ select sum(quantity * price) from order_lines join products using (sku) where order_id = o.id $$;
--- rows of b
insert into customers (name) values ('ann');
insert into orders (customer) values (1);
