-- The names that were filled in can be filled in again: they come from columns that stay. Names that people
-- chose since then are lost.
alter table users drop column display_name;
