drop trigger users_touch_updated_at on users;

drop function touch_updated_at();
