--- a
create function noted() returns event_trigger language plpgsql as $$ begin end $$;
--- b
create function noted() returns event_trigger language plpgsql as $$ begin end $$;
create event trigger noted on ddl_command_end when tag in ('CREATE TABLE', 'DROP TABLE') execute function noted();
comment on event trigger noted is 'n';
alter event trigger noted disable;
