/** A database with something of each kind, and values that are hard to write down: what a dump has to keep. */

/** The rows of one text column: whatever COPY, a string or a splitter could take for something else. */
export const HARD_TEXTS: readonly string[] = [
  "",
  " ",
  "\\",
  "\\\\",
  "\t",
  "\n",
  "\r",
  "\r\n",
  "a\r\nb",
  "\b\f\v",
  "\\N",
  "\\.",
  "\\.\n\\.",
  "a\n\\.\nb",
  "\\t\\n\\x41\\101",
  "'",
  "''",
  "E'\\'",
  '"',
  "$$;$$",
  "$a$",
  "; select 1;",
  "-- not a comment",
  "/* not a comment",
  "\\i file",
  "\\restrict x",
  ":a :'b'",
  "é",
  "😀 👨‍👩‍👧",
  "\u0001\u007f\u0080\uffff",
  "null",
  "x".repeat(3000),
];

/** Makes it. Every value of the table `hard` and every type of `typed` is at its border. */
export const EVERYTHING = `
create table hard (id integer primary key, value text);
insert into hard values (0, null);
${HARD_TEXTS.map((text, i) => `insert into hard values (${i + 1}, ${literal(text)});`).join("\n")}
create type mood as enum ('sad', 'it''s ok', '😀;');
create type pair as (a integer, b text);
create domain email as text check (value ~ '@');
create table typed (
  id integer generated always as identity primary key,
  a smallint, b integer, c bigint, d numeric(30, 10), e real, f double precision, g money, h boolean,
  i char(5), j varchar(7), k "char", l name, m bytea, n date, o time, p timetz, q timestamp, r timestamptz, s interval,
  t uuid, u json, v jsonb, w jsonpath, x inet, y cidr, z macaddr, aa macaddr8, ab bit(3), ac varbit, ad point, ae line,
  af lseg, ag box, ah path, ai polygon, aj circle, ak int4range, al nummultirange, am tsvector, an tsquery, ao mood,
  ap pair, aq email, ar text[], "as" integer[][], at pg_lsn, au oid, av mood[], aw pair[],
  ax text generated always as (upper(j)) stored
);
insert into typed (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z, aa, ab, ac, ad, ae, af,
  ag, ah, ai, aj, ak, al, am, an, ao, ap, aq, ar, "as", at, au, av, aw)
values (-32768, 2147483647, -9223372036854775808, 0.0000000001, '-infinity', 'nan', 12.34, true, 'a', 'b''c', 'x',
  'name', '\\x00ff5c0a09', 'infinity', '23:59:59.999999', '00:00+15:59', '4713-01-01 00:00:00 BC',
  '2028-02-29 00:00:00.1+00', '-1 year 2 mons -3 days 04:05:06.789', '00000000-0000-0000-0000-000000000001',
  '{"a": "\\\\ \\u0041 \\n"}', '{"b": [1, 2.50, null, "\\t😀"]}', '$.a[*] ? (@.b == "c;")', '::1/64', '10.0.0.0/8', '08:00:2b:01:02:03',
  '08:00:2b:01:02:03:04:05', '101', '', '(1e-300,-0)', '{1,-1,0}', '[(0,0),(1,1)]', '(1,1),(0,0)', '[(0,0),(1,1)]',
  '((0,0),(1,1),(1,0))', '<(0,0),1>', '[1,5)', '{[1,2),(3,4]}', '''a;'':1A b:2', 'a & !b', '😀;',
  row(1, E'a"b\\\\c,d'), 'a@b', array['a', null, '', 'NULL', '{"}', E'\\\\'], '[-1:0][2:3]={{1,2},{3,4}}', '16/B374D848', 4294967295,
  '{sad,"it''s ok"}', array[row(1, 'x')::pair, null]);
insert into typed default values;
create table "odd ""name"";" ("a;b" text, "c\\d" text);
insert into "odd ""name"";" values (E'\\\\N', E'\\\\.');
create table lines (line text);
insert into lines select value from hard order by id;
create table none ();
insert into none default values;
create table parted (at date, what text) partition by range (at);
create table parted_1 partition of parted for values from ('2026-01-01') to ('2027-01-01');
insert into parted values ('2026-05-05', 'a');
create sequence tickets start 100 increment 5;
select nextval('tickets');
create function twice(n integer) returns integer language sql begin atomic select n; select case when true then n * 2 end; end;
create function tagged() returns text language plpgsql as $f$ begin return $$a;$$ || '$_$' || E'\\';'; end $f$;
create procedure nothing() language sql as 'select 1;';
create view happy as select id, ao from typed where ao <> 'sad';
create rule no_delete as on delete to parted do instead (select 1; select 2);
create materialized view counts as select count(*) from hard;
comment on table hard is E'a; b\\\\c -- 😀';
comment on function twice(integer) is '';
create schema app;
create table app.settings (name text primary key, value text);
insert into app.settings values ('search_path', '');
select lo_from_bytea(16500, '\\x00ff5c275c2e0a');
select lo_from_bytea(16501, '');
comment on large object 16500 is 'a; large object';
`;

function literal(text: string): string {
  return `E'${
    text.replaceAll("\\", "\\\\").replaceAll("'", "''").replaceAll("\n", "\\n").replaceAll("\r", "\\r")
  }'`;
}
