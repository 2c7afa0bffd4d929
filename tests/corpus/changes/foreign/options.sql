--- a
create foreign data wrapper files;
create server s foreign data wrapper files options (host 'x');
create foreign table f (a int) server s options (name 'n');
--- b
create foreign data wrapper files options (debug 'on');
create server s foreign data wrapper files options (host 'y', port '1');
create foreign table f (a int, b int) server s options (name 'm');
