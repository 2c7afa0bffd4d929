--- a
create table "table" ("value" int, "timestamp" timestamp);
--- b
create table "table" ("value" int check ("value" > 0), "timestamp" timestamp(3) with time zone default current_timestamp, "time" time, "character" character varying(3), key text, name text, type text, level int);
create view "view" as select "value", "timestamp" from "table";
