--- a
create publication p;
--- b
create publication p for all tables;
