/** `mig verify`: the rows that it puts in, what they are in the way of, and what becomes of them. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { mig } from "../support/mig.ts";
import { project } from "../support/project.ts";
import { PETS, USERS, verify } from "../support/verify.ts";

Deno.test("verify puts rows in, and tells whom they are in the way of and what becomes of them", async () => {
  const { kinds, problems, data } = await verify([
    USERS,
    PETS,
    { up: "alter table pets add kind text not null;", down: "alter table pets drop kind;" },
    {
      up: "alter table users drop column mood;",
      down: "alter table users add mood text check (mood in ('good', 'bad'));",
    },
    { up: "delete from pets;", down: "select 1;" },
    {
      up: "alter table pets alter name type integer using name::integer;",
      down: "alter table pets alter name type varchar(20);",
    },
    {
      up: "create table odd (a integer not null check (a * a = 2)); create table b (x text);",
      down: "drop table odd, b;",
    },
    { up: "update b set x = 'y';", down: "select 1;" },
  ]);
  assertEquals(kinds, [
    "3 rows-refused",
    "4 rows-lost",
    "5 rows-lost",
    "8 rows-lost",
    "6 depends-on-rows",
  ]);
  assertStringIncludes(problems[0]!.message, "null values");
  assertStringIncludes(problems[1]!.message, '2 of 2 values of the column "mood" are lost in public.users');
  assertStringIncludes(problems[2]!.message, "deletes 2 of 2 rows of public.pets");
  assertEquals(data.empty.map(({ table }: { table: string }) => table), ["public.odd"]);
});

Deno.test("verify misses no row of a table that a revision has filled with more than it looks at", async () => {
  const many = "from generate_series(1, 3000) as n";
  const { kinds, problems } = await verify([
    {
      up: `create table t (n integer primary key, mail text); insert into t select n, 'A' || n ${many};
create table k (n integer); insert into k select n ${many};`,
      down: "drop table t, k;",
    },
    // An UPDATE moves rows behind the others, so that other ones come first.
    {
      up:
        "alter table t add folded text; update t set folded = lower(mail); update k set n = n where n < 900;",
      down: "alter table t drop folded;",
    },
    { up: "delete from t where n > 2900;", down: "select 1;" },
  ]);
  assertEquals(kinds, ["3 rows-lost"]);
  assertStringIncludes(problems[0]!.message, "deletes 102 of 3002 rows of public.t");
});

Deno.test("verify remarks on what some rows refuse that the schema allows, and finds nothing there", async () => {
  const table = {
    up:
      `create table t (id serial primary key, a text, b varchar(50), c bigint, d numeric(10, 2), e integer);`,
    down: "drop table t;",
  };
  const { kinds, remarks, data, code } = await verify([
    table,
    { up: "alter table t alter a set not null;", down: "alter table t alter a drop not null;" },
    { up: "alter table t alter b type varchar(20);", down: "alter table t alter b type varchar(50);" },
    { up: "alter table t alter c type integer;", down: "alter table t alter c type bigint;" },
    { up: "create unique index t_a on t (a);", down: "drop index t_a;" },
    {
      up: "update t set e = 0 where e is null;\nalter table t alter e set not null;",
      down: "alter table t alter e drop not null;",
    },
    { up: "alter table t alter d type numeric(4, 2);", down: "alter table t alter d type numeric(10, 2);" },
    {
      up: "alter table t add check (length(b) < 15) not valid;",
      down: "alter table t drop constraint t_b_check;",
    },
  ]);
  assertEquals([code, kinds], [0, [2, 3, 4, 5, 7].map((n) => `${n} depends-on-rows`)]);
  assertEquals(data.revisions.map(({ result }: { result: string }) => result), Array(8).fill("proven"));
  assertEquals(remarks.map(({ message }) => message), [
    'up.sql fails on some rows that the schema allows: column "a" of relation "t" contains null values',
    "up.sql fails on some rows that the schema allows: value too long for type character varying(20)",
    "up.sql fails on some rows that the schema allows: integer out of range",
    'up.sql fails on some rows that the schema allows: could not create unique index "t_a" (Key (a)=(1) is duplicated)',
    "up.sql fails on some rows that the schema allows: numeric field overflow (A field with precision 4, scale 2 must \
round to an absolute value less than 10^2)",
  ]);
});

Deno.test("verify remarks on values that up.sql cuts off, and on rows that it deletes as doubles or without a value", async () => {
  const { code, kinds, remarks } = await verify([
    {
      up: "create table t (id serial primary key, d text, n numeric, first text, last text);",
      down: "drop table t;",
    },
    {
      up: "alter table t alter d type varchar(5) using left(d, 5);",
      down: "alter table t alter d type text;",
    },
    { up: "alter table t alter n type integer;", down: "alter table t alter n type numeric;" },
    {
      up: "delete from t x using t y where x.id > y.id and x.d = y.d;\ncreate unique index t_d on t (d);",
      down: "drop index t_d;",
    },
    {
      up: `alter table t add name text;
update t set name = first || ' ' || last;
alter table t drop first, drop last;`,
      down: `alter table t add first text, add last text;
update t set first = split_part(name, ' ', 1), last = split_part(name, ' ', 2);
alter table t drop name;`,
    },
  ]);
  assertEquals([code, kinds], [0, [2, 3, 4, 5, 5].map((n) => `${n} depends-on-rows`)]);
  const before = "with rows that have NULL, long values or those of another row, ";
  assertStringIncludes(
    remarks[0]!.message,
    `${before}after up and down, 1 of 5 values of the column "d" are others`,
  );
  assertStringIncludes(remarks[2]!.message, `${before}up.sql deletes 1 of 7 rows of public.t`);
  assertStringIncludes(remarks[3]!.message, 'values of the column "first" are lost in public.t');
});

Deno.test("verify remarks on every statement of a file that some rows refuse, and on none for what another one lacks", async () => {
  const { remarks } = await verify(
    [
      { up: "create table t (id serial primary key, a text, b text, n integer);", down: "drop table t;" },
      {
        up: `alter table t alter a set not null;
savepoint here;
alter table t alter b type varchar(10);
create unique index t_n on t (n);
alter table t add constraint t_n unique using index t_n;
alter table t alter n set not null;`,
        down: "select 1;",
      },
      { up: "update t set n = a::integer;\nalter table t alter n set not null;", down: "select 1;" },
    ],
    "--ignore",
    "not-restored,left-behind",
  );
  const places = remarks.map((remark) => {
    const { revision, location } = remark as unknown as { revision: string; location: { line: number } };
    return `${revision.slice(-1)}:${location.line}`;
  });
  assertEquals(places, ["2:1", "2:3", "2:4", "3:1"]);
});

Deno.test("a column that came later has values by the time that it becomes NOT NULL", async () => {
  const { kinds } = await verify([
    { up: "create table t (id serial primary key);", down: "drop table t;" },
    { up: "alter table t add a text;", down: "alter table t drop a;" },
    { up: "alter table t alter a set not null;", down: "alter table t alter a drop not null;" },
  ], "--all");
  assertEquals(kinds, ["3 depends-on-rows"]);
});

Deno.test("verify takes no value that was lacking for a loss, with a primary key or without", async () => {
  const { kinds } = await verify([
    {
      up:
        "create table log (user_id integer, kind text); create table keyed (id serial primary key, kind text);",
      down: "drop table log, keyed;",
    },
    ...["log", "keyed"].map((table) => ({
      up:
        `update ${table} set kind = 'unknown' where kind is null;\nalter table ${table} alter kind set not null;`,
      down: `alter table ${table} alter kind drop not null;`,
    })),
  ]);
  assertEquals(kinds, []);
});

Deno.test("large numbers are nobody's count, and deferred constraints are no obstacle to a trial", async () => {
  const { kinds } = await verify([
    {
      up: `create table plans (id serial primary key, seats bigint, parent integer not null,
  foreign key (parent) references plans deferrable initially deferred);`,
      down: "drop table plans;",
    },
    {
      up:
        `create table seats (id bigserial primary key, plan_id integer not null references plans deferrable initially deferred);
insert into seats (plan_id) select p.id from plans p, generate_series(1, p.seats);
insert into seats (plan_id) select -1 where exists (select from plans);
update seats set plan_id = (select min(id) from plans) where plan_id = -1;
alter table plans add column taken bigint;`,
      down: "alter table plans drop column taken;\ndrop table seats;",
    },
  ]);
  assertEquals(kinds, []);
});

Deno.test("partitions get their rows by way of what they are parts of, and a trigger's rows are rows", async () => {
  const { kinds, data } = await verify([
    {
      up: `create table event (day date not null, kind text, n integer) partition by range (day);
create table event_2025 partition of event for values from ('2025-01-01') to ('2026-01-01');
create table event_2026 partition of event for values from ('2026-01-01') to ('2027-01-01');
create table city (name text, region integer) partition by list (region);
create table city_7 partition of city for values in (7, 8);
create table person (id serial primary key, name text);
create table profile (person_id integer primary key references person);
create function make_profile() returns trigger language plpgsql as
$$ begin insert into profile values (new.id); return new; end $$;
create trigger profile after insert on person for each row execute function make_profile();`,
      down: "drop table profile, person, city, event;\ndrop function make_profile;",
    },
    { up: "alter table event alter n set not null;", down: "alter table event alter n drop not null;" },
    { up: "delete from city;", down: "select 1;" },
  ]);
  assertEquals([kinds, data.empty], [["3 rows-lost", "2 depends-on-rows"], []]);
});

Deno.test("the rows of verify are not in the way of those that revisions bring", async () => {
  const { kinds } = await verify([
    {
      up: `create table country (id serial primary key, code char(2) not null unique, name text unique);
create table town (id integer primary key, country_id integer not null, name text);
create table setting (key text primary key, value text);`,
      down: "drop table setting, town, country;",
    },
    {
      up:
        `insert into country values (1, 'DE', 'Germany'), (2, 'AT', 'Austria'); insert into setting values ('1', 'a');
insert into town values (1, 1, 'Berlin'), (2, 2, 'Wien');`,
      down:
        "delete from town where id < 3; delete from setting where key = '1'; delete from country where id < 3;",
    },
    {
      up: "alter table town add foreign key (country_id) references country;",
      down: "alter table town drop constraint town_country_id_fkey;",
    },
    {
      up:
        "alter table town add capital_of integer unique references country; create unique index on town (country_id, name);",
      down: "alter table town drop capital_of; drop index town_country_id_name_idx;",
    },
  ]);
  assertEquals(kinds, ["3 depends-on-rows", "4 depends-on-rows"]);
});

Deno.test("a kind that is ignored makes no revision fail, in what is shown neither", async () => {
  await using files = await project([
    { up: "create table t (id serial primary key, a text);", down: "drop table t;" },
    { up: "delete from t;", down: "select 1;" },
    { up: "alter table t alter a set not null;", down: "alter table t alter a drop not null;" },
  ]);
  const run = (...args: string[]) => mig(["verify", "--no-db", ...args], { cwd: files.folder });
  const found = await run();
  assertEquals([found.code, found.stderr.match(/^✗/gm)?.length], [3, 1], found.stderr);
  assertStringIncludes(found.stdout, "2 revisions proven");
  const ignored = await run("--ignore", "rows-lost,depends-on-rows");
  assertEquals([ignored.code, ignored.stderr.includes("✗")], [0, false], ignored.stderr);
  assert(
    /^3 revisions proven: up, down and up again; in the embedded shadow, /.test(ignored.stdout),
    ignored.stdout,
  );
});

Deno.test("in GitHub Actions a remark is a warning", async () => {
  await using files = await project([
    { up: "create table t (a text);", down: "drop table t;" },
    { up: "select 1;\nalter table t alter a set not null;", down: "alter table t alter a drop not null;" },
  ]);
  const { stderr, code } = await mig(["verify", "--no-db"], {
    cwd: files.folder,
    env: { GITHUB_ACTIONS: "true" },
  });
  assertEquals(code, 0);
  assert(
    /^::warning file=migrations\/\S+\/up\.sql,line=2,col=1,title=depends-on-rows 0000a002::/m.test(stderr),
    stderr,
  );
});

Deno.test("rows get into tables of unusual columns", async () => {
  const { kinds, data } = await verify([
    {
      up: `create domain code as varchar(5) check (value = upper(value));
create domain code_required as code not null;
create type address as (street text, number integer);
create type mood as enum ('a');
create table odd (x integer, "X y" text, row text, "select" numeric(3, 1) unique, c code, d code_required,
  address address not null, m mood[], r int4range unique, primary key (x, "X y"));
create table tree (id uuid primary key, parent uuid not null references tree deferrable initially deferred, n numeric(2, 2));
create table link (a_id integer not null, b text not null, foreign key (a_id, b) references odd, unique (a_id, b));
create table ex (r tsrange, exclude using gist (r with &&));
create table no_columns ();
create table lists (v text[] not null, j jsonb check (j ? 'n'), b bit(3), ch "char", n name, mo money, x xml);
create table one (only_true boolean primary key default true check (only_true));
create table gen (a integer, b integer generated always as (a * 100) stored, c text collate "C" unique);
create table x (x integer);
create table inherited () inherits (gen);
create table left_hand (id integer primary key, o integer);
create table right_hand (id integer primary key, o integer not null references left_hand);
alter table left_hand add foreign key (o) references right_hand;`,
      down: `alter table left_hand drop constraint left_hand_o_fkey;
drop table right_hand, left_hand, inherited, x, gen, one, lists, no_columns, ex, link, tree, odd;
drop type mood, address; drop domain code_required, code;`,
    },
    { up: "select 1;", down: "select 1;" },
  ]);
  assertEquals([kinds, data.empty], [[], []]);
});
