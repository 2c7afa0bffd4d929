--- a
create table users (id bigint generated always as identity primary key, name text not null);
create table t (a int primary key, b int);
--- b
create table users (id bigint generated always as identity primary key, name text not null);
create table t (a int primary key, b int);
create publication p for table users, t (a) where (a > 0) with (publish = 'insert, update');
create schema s;
create publication q for tables in schema s;
