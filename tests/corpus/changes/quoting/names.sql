--- a
create table "Weird Table" ("Order" int, "user" text, "a""b" int, "ü" int);
--- rows of a
insert into "Weird Table" values (1, 'x', 2, 3);
--- b
create schema "My Schema";
create table "Weird Table" ("Order" bigint primary key, "user" varchar(5) default 'x', "a""b" int not null, "ü" int);
create table "My Schema"."select" ("from" serial, "Id" bigserial);
create index "Odd Index" on "Weird Table" ("user", lower("user"));
create view "My Schema"."View" as select "Order" as "Camel" from "Weird Table";
--- rows of b
insert into "Weird Table" values (1, 'x', 2, 3);
