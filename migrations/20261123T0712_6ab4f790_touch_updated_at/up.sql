-- Keeps updated_at true, whoever changes the row. The semicolons between the dollar signs belong to the function.
create function touch_updated_at() returns trigger
language plpgsql
as $$
begin
  if new is distinct from old then
    new.updated_at := now();
  end if;
  return new;
end;
$$;

create trigger users_touch_updated_at
  before update on users
  for each row
  execute function touch_updated_at();
