--- a
create domain d as int constraint has_value not null check (value > 0);
create domain e as text not null;
create table t (a d, b e);
--- b
create domain d as int not null check (value > 0);
create domain e as text constraint must not null default 'x';
create table t (a d, b e);
