--- a
create collation c (lc_collate = 'C', lc_ctype = 'C');
--- b
create collation c (lc_collate = 'POSIX', lc_ctype = 'POSIX');
