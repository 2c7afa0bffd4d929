import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { describe } from "../../../src/postgres/url.ts";
import { caught, parse, told } from "./literals.ts";

Deno.test("parseDatabaseUrl() reads every part of a connection URI", () => {
  const parameters = parse(
    "postgresql://bob:secret@db.example:6543/app?sslmode=require&application_name=deploy",
  );
  assertEquals(parameters.hosts, [{ kind: "tcp", name: "db.example", port: 6543 }]);
  assertEquals(parameters.user, "bob");
  assertEquals(parameters.password?.reveal(), "secret");
  assertEquals(parameters.database, "app");
  assertEquals(parameters.tls.mode, "require");
  assertEquals(parameters.applicationName, "deploy");
});

Deno.test("parseDatabaseUrl() fills what is left open as libpq does", () => {
  const parameters = parse("postgres://");
  assertEquals(parameters.hosts, [{ kind: "tcp", name: "localhost", port: 5432 }]);
  assertEquals([parameters.user, parameters.database], ["ann", "ann"]);
  assertEquals(parameters.tls.mode, "prefer");
  assertEquals(parameters.applicationName, "mig");
  assertEquals(parameters.connectTimeout, 10_000);
  assertEquals(parameters.target, "any");
  assertEquals(parse("postgres://bob@h").database, "bob");
});

Deno.test("parseDatabaseUrl() takes the socket of a server that runs here when no host is given", () => {
  const socketFolder = (port: number) => port === 5433 ? "/run/postgresql" : undefined;
  assertEquals(parse("postgres://:5433/app", { socketFolder }).hosts, [
    { kind: "unix", folder: "/run/postgresql", port: 5433, path: "/run/postgresql/.s.PGSQL.5433" },
  ]);
  assertEquals(parse("postgres:///app", { socketFolder }).hosts[0]?.kind, "tcp");
});

Deno.test("parseDatabaseUrl() reads both forms of a socket's folder", () => {
  const socket = { kind: "unix", folder: "/run/pg", port: 5432, path: "/run/pg/.s.PGSQL.5432" };
  assertEquals<unknown>(parse("postgres:///app?host=/run/pg").hosts, [socket]);
  assertEquals<unknown>(parse("postgres://%2Frun%2Fpg/app").hosts, [socket]);
  assertEquals<unknown>(parse("host=/run/pg dbname=app").hosts, [socket]);
});

Deno.test("parseDatabaseUrl() says that a host is the socket's folder, not the socket", () => {
  const error = caught(() => parse("postgres:///app?host=/run/pg/.s.PGSQL.5432"));
  assertStringIncludes(error.message, "socket");
});

Deno.test("parseDatabaseUrl() reads several hosts, each with its port", () => {
  assertEquals(parse("postgres://a:1,b,[::1]:3/app").hosts, [
    { kind: "tcp", name: "a", port: 1 },
    { kind: "tcp", name: "b", port: 5432 },
    { kind: "tcp", name: "::1", port: 3 },
  ]);
  assertEquals(parse("host=a,b port=7").hosts.map((host) => host.port), [7, 7]);
  assertStringIncludes(caught(() => parse("host=a,b port=7,8,9")).message, "3 ports for 2 hosts");
});

Deno.test("parseDatabaseUrl() keeps the name beside a numeric address", () => {
  assertEquals(parse("postgres://db.example/app?hostaddr=10.0.0.5").hosts, [
    { kind: "tcp", name: "db.example", address: "10.0.0.5", port: 5432 },
  ]);
  assertEquals(caught(() => parse("postgres:///app?hostaddr=db.example")).code, "url-invalid");
});

Deno.test("parseDatabaseUrl() decodes percent-encoding everywhere", () => {
  const parameters = parse("postgres://a%40b:p%40%2F%3A%23%25@h/d%20b?application_name=%C3%A9");
  assertEquals(parameters.user, "a@b");
  assertEquals(parameters.password?.reveal(), "p@/:#%");
  assertEquals(parameters.database, "d b");
  assertEquals(parameters.applicationName, "é");
});

Deno.test("parseDatabaseUrl() takes a password with : # ? as libpq does", () => {
  assertEquals(parse("postgres://u:a:b#c?d@h/db").password?.reveal(), "a:b#c?d");
});

Deno.test("parseDatabaseUrl() lets parameters of the query win over the parts before it", () => {
  const parameters = parse("postgres://u@h/db?user=v&dbname=w&host=x&port=9&password=y");
  assertEquals(describe(parameters), "postgres://v@x:9/w");
  assertEquals(parameters.password?.reveal(), "y");
});

Deno.test("parseDatabaseUrl() reads keyword=value pairs with quotes and backslashes", () => {
  const parameters = parse(String.raw`host = h  user=u password='it\'s \\ "x"' dbname=a\ b`);
  assertEquals(parameters.password?.reveal(), String.raw`it's \ "x"`);
  assertEquals(parameters.database, "a b");
});

Deno.test("parseDatabaseUrl() understands ssl=true as libpq does, and no other ssl", () => {
  assertEquals(parse("postgres://h/d?ssl=true").tls.mode, "require");
  assertStringIncludes(told(caught(() => parse("postgres://h/d?ssl=1"))), "sslmode");
});

Deno.test("parseDatabaseUrl() reads times, targets and switches", () => {
  const parameters = parse("postgres://h/d?connect_timeout=3&target_session_attrs=primary&keepalives=0");
  assertEquals(parameters.connectTimeout, 3000);
  assertEquals(parameters.target, "primary");
  assertEquals(parameters.keepAlive, null);
  assertEquals(parse("postgres://h/d?connect_timeout=0").connectTimeout, 0);
  assertEquals(parse("postgres://h/d?connect_timeout=-1").connectTimeout, 0);
  assertStringIncludes(caught(() => parse("postgres://h/d?connect_timeout=soon")).message, "connect_timeout");
});

Deno.test("parseDatabaseUrl() names an unknown value and lists the known ones", () => {
  const error = caught(() => parse("postgres://h/d?sslmode=no-verify"));
  assertStringIncludes(error.message, '"no-verify"');
  assertStringIncludes(error.hints.join(), "verify-full");
  assertStringIncludes(
    caught(() => parse("postgres://h", { env: { PGSSLMODE: "on" } })).message,
    "PGSSLMODE",
  );
});

Deno.test("parseDatabaseUrl() names an unknown parameter and what was meant", () => {
  const error = caught(() => parse("postgres://h/d?ssl_mode=require"));
  assertEquals(error.code, "url-invalid");
  assertStringIncludes(error.message, '"ssl_mode"');
  assertEquals(error.hints, ['did you mean "sslmode"?']);
  assertEquals(caught(() => parse("hots=h dbname=d")).hints, ['did you mean "host"?']);
});

Deno.test("parseDatabaseUrl() says what libpq has for the parameters of other tools", () => {
  assertStringIncludes(caught(() => parse("postgres://h/d?schema=app")).hints.join(), "search_path");
  assertStringIncludes(caught(() => parse("postgres://h/d?pgbouncer=true")).hints.join(), "pooler");
  assertStringIncludes(caught(() => parse("postgres://h/d?connection_limit=5")).hints.join(), "pool");
  assertStringIncludes(caught(() => parse("postgres://h/d?constructor=5")).message, '"constructor"');
});

Deno.test("parseDatabaseUrl() refuses what it cannot honour rather than ignore it", () => {
  for (
    const parameter of [
      "require_auth=scram-sha-256",
      "requirepeer=postgres",
      "gssencmode=require",
      "replication=true",
    ]
  ) {
    const error = caught(() => parse(`postgres://h/d?${parameter}`));
    assertStringIncludes(error.message, parameter.split("=")[0]!);
  }
  assertStringIncludes(caught(() => parse("postgres://h/d?client_encoding=LATIN1")).message, "UTF-8");
  assertEquals(parse("postgres://h/d?client_encoding=UTF8&gssencmode=disable&krbsrvname=x").database, "d");
});

Deno.test("parseDatabaseUrl() keeps the promise of channel_binding=require by verifying the certificate", () => {
  const { tls } = parse("postgres://h/d?sslmode=require&channel_binding=require");
  assertEquals([tls.mode, tls.rootCertificate], ["verify-full", "system"]);
  const own = parse("postgres://h/d?sslmode=verify-full&channel_binding=require").tls;
  assertEquals([own.mode, own.rootCertificate], ["verify-full", undefined]);
  assertEquals(
    caught(() => parse("postgres://h/d?sslmode=disable&channel_binding=require")).code,
    "url-invalid",
  );
});

Deno.test("parseDatabaseUrl() makes sslrootcert=system mean verify-full, and refuses less", () => {
  assertEquals(parse("postgres://h/d?sslrootcert=system").tls.mode, "verify-full");
  assertStringIncludes(
    caught(() => parse("postgres://h/d?sslrootcert=system&sslmode=require")).hints.join(),
    "sslmode=verify-full",
  );
  assertEquals(caught(() => parse("postgres://h/d?sslnegotiation=direct")).code, "url-invalid");
});

Deno.test("parseDatabaseUrl() takes from the environment only what the URL leaves open", () => {
  const env = {
    PGHOST: "env.example",
    PGPORT: "7000",
    PGUSER: "eve",
    PGDATABASE: "other",
    PGPASSWORD: "hidden",
    PGSSLMODE: "verify-full",
    PGOPTIONS: "-c search_path=x",
    PGAPPNAME: "cron",
    PGCONNECT_TIMEOUT: "4",
  };
  const all = parse("postgres://", { env });
  assertEquals(describe(all), "postgres://eve@env.example:7000/other?sslmode=verify-full");
  assertEquals([all.password?.reveal(), all.options, all.applicationName, all.connectTimeout], [
    "hidden",
    "-c search_path=x",
    "cron",
    4000,
  ]);
  const some = parse("postgres://bob:pw@h:1/d?sslmode=disable", { env });
  assertEquals(describe(some), "postgres://bob@h:1/d?sslmode=disable");
  assertEquals(some.password?.reveal(), "pw");
});

Deno.test("parseDatabaseUrl() takes a service before the environment", () => {
  const service = () => new Map([["host", { value: "svc", from: 'service "s"' }]]);
  const env = { PGHOST: "env", PGPORT: "9", PGSERVICE: "s" };
  assertEquals(parse("postgres:///d", { env, service }).hosts, [{ kind: "tcp", name: "svc", port: 9 }]);
  assertEquals(parse("postgres://own/d?service=s", { service }).hosts[0], {
    kind: "tcp",
    name: "own",
    port: 5432,
  });
});

Deno.test("parseDatabaseUrl() refuses a URL inside a URL, and a URL in PGHOST", () => {
  const inside = caught(() => parse("postgres:///d?host=/run/postgres://u:TOKEN@h/d"));
  const variable = caught(() => parse("postgres:///d", { env: { PGHOST: "postgres://u:TOKEN@h/d" } }));
  assertEquals(variable.message, "host in PGHOST is itself a URL");
  assert(!(told(inside) + told(variable)).includes("TOKEN"));
});

Deno.test("parseDatabaseUrl() notices a lost question mark", () => {
  const error = caught(() => parse("postgres://h/dpassword=TOKEN&sslmode=require"));
  assertStringIncludes(error.message, 'do not begin with "?"');
  assert(!told(error).includes("TOKEN"));
});

Deno.test("parseDatabaseUrl() says so when nobody knows the user", () => {
  assertStringIncludes(
    caught(() => parse("postgres://h/d", { user: () => undefined })).message,
    "names no user",
  );
});

Deno.test("parseDatabaseUrl() knows what people paste that is no URL", () => {
  const hints = (text: string) => caught(() => parse(text)).hints.join(" ");
  assertStringIncludes(hints("mysql://u:p@h/d"), "mysql");
  assertStringIncludes(hints("jdbc:postgresql://h/d"), "jdbc:");
  assertStringIncludes(hints("postgresql+psycopg2://u:p@h/d"), "driver");
  assertStringIncludes(hints('"postgres://h/d"'), "quotes");
  assertStringIncludes(hints("psql 'postgres://h/d'"), "psql");
  assertStringIncludes(hints("POSTGRES://h/d"), "small letters");
  assertStringIncludes(hints("DATABASE_URL=postgres://h/d"), "after the =");
  assertStringIncludes(hints("Host=h;Username=u;Password=p"), "semicolons");
});

Deno.test("parseDatabaseUrl() asks for percent-encoding and shows nothing of a password that lacks it", () => {
  for (
    const password of [
      "TOKEN@x",
      "x@TOKEN",
      "x/TOKEN",
      "TOKEN/x",
      "12/TOKEN",
      "100%TOKEN",
      "a@TOKEN:b",
      "x/TOKEN?k=v",
    ]
  ) {
    const error = caught(() => parse(`postgres://u:${password}@h/d`));
    assertEquals(error.code, "url-invalid", password);
    assert(!told(error).includes("TOKEN"), `${password}: ${told(error)}`);
    assertMatch(told(error), /percent-encode/, password);
  }
  assert(!told(caught(() => parse("postgres://h/d?password=x&TOKEN=1"))).includes("TOKEN"));
  assert(!told(caught(() => parse("user=upassword=TOKEN host=h"))).includes("TOKEN"));
  const pair = caught(() => parse("host=h password=my TOKEN=1"));
  assert(!told(pair).includes("TOKEN"));
  assertStringIncludes(told(pair), "single quotes");
});

Deno.test("describe() shows where and who, and no password", () => {
  assertEquals(
    describe(parse("postgres://a%40b:pw@h:99/d%2Fx?sslmode=require&sslpassword=pw&options=-cx.y%3Dpw")),
    "postgres://a%40b@h:99/d%2Fx?sslmode=require",
  );
  assertEquals(describe(parse("postgres://u@[::1]:1,b/d")), "postgres://u@[::1]:1,b/d");
  assertEquals(describe(parse("postgres://u@/d?host=/run/pg")), "postgres://u@/d?host=/run/pg");
});

Deno.test("describe() gives a URL that names the same place when it is parsed again", () => {
  for (
    const url of [
      "postgres://u:p@h:1/d",
      "postgres://a%40b@[fe80::1]/d%3F",
      "postgres://u@a:1,b:2/d?sslmode=verify-full",
      "host='/tmp/my pg' port=7 dbname='x y' user=ü",
      "host=/run/pg,db.example port=7,8 user=u sslmode=require",
      "hostaddr=10.0.0.1 user=u",
    ]
  ) {
    const shown = describe(parse(url));
    assertEquals(describe(parse(shown)), shown);
  }
});

Deno.test("a Secret hides itself from JSON, templates and inspection", () => {
  const { password } = parse("postgres://u:TOKEN@h/d");
  assertEquals(`${password} ${JSON.stringify({ password })}`, '*** {"password":"***"}');
  assert(!Deno.inspect(password, { depth: 9, showHidden: true }).includes("TOKEN"));
});
