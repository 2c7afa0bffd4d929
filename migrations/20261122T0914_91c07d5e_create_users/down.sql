-- The index goes with the table.
drop table users;
