-- The people who can sign in. Addresses are compared without regard to case, so the unique index is on lower(email).
create table users (
  id         bigint generated always as identity primary key,
  email      text        not null check (position('@' in email) > 1),
  first_name text        not null default '',
  last_name  text        not null default '',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create unique index users_email_key on users (lower(email));

comment on table users is 'The people who can sign in';
