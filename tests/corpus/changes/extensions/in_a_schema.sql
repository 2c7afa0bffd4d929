--- a
--- b
create schema tools;
create extension hstore schema tools;
create table t (a tools.hstore default '');
comment on extension hstore is 'pairs';
