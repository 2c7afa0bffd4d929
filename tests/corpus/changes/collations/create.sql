--- a
create table t (a text);
--- rows of a
insert into t values ('x');
--- b
create collation german (provider = icu, locale = 'de-u-co-phonebk');
create collation plain from "C";
create table t (a text collate plain);
comment on collation plain is 'bytes';
--- rows of b
insert into t values ('x');
