-- The constraint and the comment go with the column.
alter table users drop column phone;
