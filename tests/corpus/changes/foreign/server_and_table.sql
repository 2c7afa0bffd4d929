--- a
--- b
create foreign data wrapper files;
create server s foreign data wrapper files options (host 'x');
create user mapping for reader server s options ("user" 'u', password 'p');
create foreign table f (a int options (column_name 'b'), c text not null) server s options (name 'n');
