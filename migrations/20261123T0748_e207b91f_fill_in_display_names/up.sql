-- Add the column, fill it in for the rows there are, and only then demand it of every row.
alter table users add column display_name text;

-- Filling in is no change that a person made, so it must not touch updated_at.
alter table users disable trigger users_touch_updated_at;

update users
set display_name = coalesce(
  nullif(trim(concat_ws(' ', first_name, last_name)), ''),
  split_part(email, '@', 1)
);

alter table users enable trigger users_touch_updated_at;

alter table users
  alter column display_name set not null,
  add constraint users_display_name_check check (display_name <> '');
