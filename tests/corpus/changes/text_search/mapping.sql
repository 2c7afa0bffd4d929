--- a
create text search configuration own (copy = english);
--- b
create text search configuration own (copy = english);
alter text search configuration own drop mapping for email;
alter text search configuration own alter mapping for word with simple;
