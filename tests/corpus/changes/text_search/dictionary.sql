--- a
create text search dictionary d (template = snowball, language = english);
create text search configuration own (copy = simple);
alter text search configuration own alter mapping for word with d;
--- b
create text search dictionary d (template = snowball, language = english, stopwords = english);
create text search configuration own (copy = simple);
alter text search configuration own alter mapping for word with d;
