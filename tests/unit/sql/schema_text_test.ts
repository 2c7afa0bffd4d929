import { assertEquals } from "@std/assert";
import { schemaText } from "../../../src/sql/schema_text.ts";

/** What the pg_dumps of all versions write around the same table. */
const DUMPS: Readonly<Record<string, string>> = {
  "14": `--
-- PostgreSQL database dump
--

-- Dumped from database version 14.23
-- Dumped by pg_dump version 14.23

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: t; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.t (
    id integer NOT NULL
);


--
-- PostgreSQL database dump complete
--
`,
  "15 of a server of 14": `REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO PUBLIC;
CREATE TABLE public.t (
    id integer NOT NULL
);
`,
  "18": `\\restrict abc123

SET transaction_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);
-- *not* creating schema, since initdb creates it
COMMENT ON SCHEMA public IS 'standard public schema';
CREATE EXTENSION IF NOT EXISTS plpgsql WITH SCHEMA pg_catalog;
COMMENT ON EXTENSION plpgsql IS 'PL/pgSQL procedural language';
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.t (\r
    id integer CONSTRAINT old_name_id_not_null NOT NULL\r
);\r

\\unrestrict abc123
`,
};

const TEXT = `-- The schema, as \`mig dump\` writes it. It follows from the revisions: change those.

SET check_function_bodies = false;
SELECT pg_catalog.set_config('search_path', '', false);

CREATE TABLE public.t (
    id integer NOT NULL
);
`;

for (const [version, dump] of Object.entries(DUMPS)) {
  Deno.test(`schemaText() makes the same of what pg_dump ${version} writes`, () => {
    assertEquals(schemaText(dump), TEXT);
  });
}

const body = (dump: string) => schemaText(dump).split("\n").slice(5).join("\n");

Deno.test("schemaText() keeps what says something", () => {
  for (
    const dump of [
      "SET default_tablespace = fast;\n\nCREATE TABLE a (\n);\n\nSET default_tablespace = '';\n\nCREATE TABLE b (\n);\n",
      "SET default_table_access_method = columnar;\n\nCREATE TABLE a (\n);\n",
      "SET SESSION AUTHORIZATION clerk;\n\nGRANT SELECT ON TABLE a TO PUBLIC;\n\nRESET SESSION AUTHORIZATION;\n",
      "COMMENT ON SCHEMA public IS 'ours';\n\nCOMMENT ON TABLE a IS 'extension';\n",
      "GRANT ALL ON SCHEMA public TO PUBLIC;\n",
      "CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;\n",
      "CREATE FUNCTION f() RETURNS void\n    LANGUAGE plpgsql\n    AS $$\nbegin\n\n\n  -- kept; SET x = 1;\nend $$;\n",
      "CREATE TABLE a (\n    n integer CONSTRAINT mine NOT NULL\n);\n",
    ]
  ) assertEquals(body(dump), dump);
});

Deno.test("schemaText() leaves passwords out", () => {
  const mapping = "USER MAPPING FOR clerk SERVER s OPTIONS (password 'TOKEN')";
  assertEquals(body(`CREATE ${mapping};\nALTER ${mapping};\n`), "");
});

Deno.test("schemaText() of an empty schema is the head alone", () => {
  assertEquals(schemaText("SET lock_timeout = 0;\n"), TEXT.slice(0, TEXT.indexOf("CREATE") - 1));
});
