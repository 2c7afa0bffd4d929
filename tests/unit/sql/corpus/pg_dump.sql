--# what pg_dump writes | 17
--
-- PostgreSQL database dump
--

\restrict 3kQmYfWc0ZtD1oVhXr7uEaBsNj5gLpIi

-- Dumped from database version 17.6
-- Dumped by pg_dump version 17.6

SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);

--
-- Name: EXTENSION citext; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION citext IS 'data type for case-insensitive character strings; it''s old';


CREATE FUNCTION public.touch() RETURNS trigger
    LANGUAGE plpgsql
    AS $_$
begin
  new.updated_at = now();
  execute 'select $1' using 1;
  return new;
end;
$_$;


ALTER FUNCTION public.touch() OWNER TO postgres;

CREATE FUNCTION public.size(a integer) RETURNS text
    LANGUAGE sql
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN (size.a > 10) THEN 'big'::text
             ELSE 'small'::text
         END AS "case";
END;

SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE public.users (
    id bigint NOT NULL,
    name text DEFAULT ';'::text,
    note text
);


CREATE VIEW public.names AS
 SELECT users.name
   FROM public.users;

CREATE RULE names_delete AS
    ON DELETE TO public.names DO INSTEAD ( DELETE FROM public.users;
 NOTIFY users;
);

--
-- Data for Name: users; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.users (id, name, note) FROM stdin;
1	O'Brien	semi;colon
2	Zoë	tab\tinside
3	\N	-- no comment /* neither
\.


COPY public.empty  FROM stdin;
\.


SELECT pg_catalog.setval('public.users_id_seq', 3, true);

CREATE TRIGGER touch BEFORE UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.touch();

--
-- PostgreSQL database dump complete
--

\unrestrict 3kQmYfWc0ZtD1oVhXr7uEaBsNj5gLpIi

