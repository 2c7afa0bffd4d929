--- a
create type mood as enum ('sad', 'ok', 'happy');
create domain d as mood;
--- b
create type mood as enum ('sad', 'ok');
create domain d as mood;
--- cannot reach b: public.mood
