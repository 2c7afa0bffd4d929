--- a
create table a (id int primary key);
create table b (id int primary key);
create publication p for table a;
--- b
create table a (id int primary key);
create table b (id int primary key);
create publication p for table b with (publish_via_partition_root = true);
comment on publication p is 'x';
