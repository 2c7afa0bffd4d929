-- Text, not a number: an integer would lose the leading zero of 030 901820, and has no place for the plus of
-- +49 30 901820.
alter table users
  add column phone text
  constraint users_phone_check check (phone ~ '^\+?[0-9][0-9 ]{2,24}$');

comment on column users.phone is 'As the person wrote it: digits and spaces, perhaps with a plus before them';
