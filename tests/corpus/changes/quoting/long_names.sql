--- a
create table t (a int);
--- b
create table a_table_with_quite_a_long_name_that_is_near_to_the_limit_of_it (a_column_with_a_long_name_too int not null unique, id serial primary key);
create index on a_table_with_quite_a_long_name_that_is_near_to_the_limit_of_it (a_column_with_a_long_name_too);
