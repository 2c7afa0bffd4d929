--- a
create domain d as int constraint positive check (value > 0);
--- b
create domain d as int constraint positive check (value > 0);
comment on domain d is 'a number';
comment on constraint positive on domain d is 'more than nothing';
