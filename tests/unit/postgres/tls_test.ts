import { assertEquals, assertStringIncludes } from "@std/assert";
import type { AddressInfo } from "node:net";
import tls from "node:tls";
import { connectInTurn, openSocket, type ReadySocket } from "../../../src/postgres/attempts.ts";
import { Authority, type Certificate } from "../../support/authority.ts";
import { fakeServer } from "./fake_server.ts";
import { parse, rejected } from "./literals.ts";

const folder = await Deno.makeTempDir({ prefix: "mig-tls-" });
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
const authority = await Authority.make(folder);
const ignore = authority === null;

interface Certificates {
  readonly good: Certificate;
  readonly wrongHost: Certificate;
  readonly expired: Certificate;
}
const certificates = authority === null ? {} as Certificates : {
  good: await authority.sign("good", "DNS:localhost,IP:127.0.0.1"),
  wrongHost: await authority.sign("wrong", "DNS:other.example"),
  expired: await authority.sign("expired", "DNS:localhost", -1),
};

/** The parameters of a URL where ~/.postgresql is another folder than the machine's. */
const at = (port: number, query: string, host = "localhost") =>
  parse(`postgres://${host}:${port}/d?${query}`, { certificates: `${folder}/none` });

async function echo(ready: ReadySocket): Promise<string> {
  const answer = new Promise<string>((resolve) =>
    ready.socket.once("data", (bytes: Uint8Array) => resolve(new TextDecoder().decode(bytes)))
  );
  ready.socket.write(new TextEncoder().encode("hello"));
  const text = await answer;
  ready.socket.destroy();
  return text;
}

async function serve(which: keyof Certificates, requireClient = false) {
  return await fakeServer({ answer: "tls", certificate: certificates[which], requireClient });
}

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore, fn });
}

test("openSocket() encrypts with sslmode=prefer and require, whatever the certificate", async () => {
  await using server = await serve("expired");
  for (const mode of ["prefer", "require"]) {
    const ready = await openSocket(at(server.port, `sslmode=${mode}`));
    assertEquals([ready.encrypted, ready.socket.writable], [true, true]);
    assertEquals(await echo(ready), "hello");
  }
});

test("openSocket() verifies chain and name with sslmode=verify-full", async () => {
  await using server = await serve("good");
  for (const host of ["localhost", "127.0.0.1"]) {
    const query = `sslmode=verify-full&sslrootcert=${authority!.file}`;
    assertEquals(await echo(await openSocket(at(server.port, query, host))), "hello");
  }
});

test("openSocket() checks the name of a server that is reached by its address", async () => {
  await using server = await serve("good");
  const query = `hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert=${authority!.file}`;
  assertEquals(await echo(await openSocket(at(server.port, query, "localhost"))), "hello");
  const error = await rejected(openSocket(at(server.port, query, "elsewhere.example")));
  assertStringIncludes(error.message, "is for another host, not for elsewhere.example");
  const nameless = await rejected(openSocket(at(server.port, query, "")));
  assertStringIncludes(nameless.message, "needs a host name");
});

test("openSocket() refuses the certificate of another host, and verify-ca accepts it", async () => {
  await using server = await serve("wrongHost");
  const root = `sslrootcert=${authority!.file}`;
  const error = await rejected(openSocket(at(server.port, `sslmode=verify-full&${root}`)));
  assertEquals(error.code, "tls-failed");
  assertStringIncludes(error.message, "is for another host, not for localhost");
  assertEquals(await echo(await openSocket(at(server.port, `sslmode=verify-ca&${root}`))), "hello");
});

test("openSocket() refuses an expired certificate", async () => {
  await using server = await serve("expired");
  const error = await rejected(
    openSocket(at(server.port, `sslmode=verify-ca&sslrootcert=${authority!.file}`)),
  );
  assertEquals(error.code, "tls-failed");
  assertStringIncludes(error.message, "has expired");
});

test("openSocket() refuses an authority that nobody trusts", async () => {
  await using server = await serve("good");
  const error = await rejected(openSocket(at(server.port, "sslrootcert=system")));
  assertEquals(error.code, "tls-failed");
  assertStringIncludes(error.message, "an authority that is not trusted here");
});

test("openSocket() verifies with sslmode=require once there is a root certificate", async () => {
  await using server = await serve("expired");
  const error = await rejected(openSocket(at(server.port, `sslmode=require&sslrootcert=${authority!.file}`)));
  assertStringIncludes(error.message, "has expired");
  const missing = at(server.port, `sslmode=require&sslrootcert=${folder}/missing`);
  assertEquals(await echo(await openSocket(missing)), "hello");
});

test("openSocket() will not verify without a root certificate, and says which file is missing", async () => {
  await using server = await serve("good");
  const none = await rejected(openSocket(at(server.port, "sslmode=verify-full")));
  assertStringIncludes(none.hints.join("\n"), "sslrootcert=system");
  const missing = await rejected(
    openSocket(at(server.port, `sslmode=verify-ca&sslrootcert=${folder}/missing`)),
  );
  assertStringIncludes(missing.message, `${folder}/missing`);
});

test("openSocket() takes the root certificate of ~/.postgresql", async () => {
  await using server = await serve("good");
  await Deno.mkdir(`${folder}/home`);
  await Deno.copyFile(authority!.file, `${folder}/home/root.crt`);
  const parameters = parse(`postgres://localhost:${server.port}/d?sslmode=verify-full`, {
    certificates: `${folder}/home`,
  });
  assertEquals(await echo(await openSocket(parameters)), "hello");
});

test("openSocket() shows a client certificate, and refuses a key that others may read", async () => {
  await using server = await serve("good", true);
  await authority!.sign("client", "DNS:client");
  const query = `sslmode=verify-full&sslrootcert=${
    authority!.file
  }&sslcert=${folder}/client.crt&sslkey=${folder}/client.key`;
  await Deno.chmod(`${folder}/client.key`, 0o600);
  assertEquals(await echo(await openSocket(at(server.port, query))), "hello");
  if (Deno.build.os === "windows") return;
  await Deno.chmod(`${folder}/client.key`, 0o644);
  const error = await rejected(openSocket(at(server.port, query)));
  assertStringIncludes(error.hints.join(), "chmod 600");
});

test("connectInTurn() tries again without TLS with prefer, and with TLS with allow, when the server refuses", async () => {
  await using server = await serve("good");
  for (
    const [mode, expected] of [["prefer", [true, false]], ["allow", [false, true]], ["require", [
      true,
    ]]] as const
  ) {
    const seen: boolean[] = [];
    await connectInTurn(at(server.port, `sslmode=${mode}`), (ready) => {
      ready.socket.destroy();
      seen.push(ready.encrypted);
      return Promise.resolve({ error: new Error("no pg_hba.conf entry"), retry: "encryption" });
    }).catch(() => {});
    assertEquals<readonly boolean[]>(seen, expected, mode);
  }
});

test("openSocket() begins with TLS at once with sslnegotiation=direct", async () => {
  const server = tls.createServer({ ...certificates.good, ALPNProtocols: ["postgresql"] }, (socket) => {
    socket.on("error", () => {});
    socket.on("data", (bytes: Uint8Array) => socket.write(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const ready = await openSocket(at(port, "sslmode=require&sslnegotiation=direct"));
    assertEquals(ready.encrypted, true);
    assertEquals(await echo(ready), "hello");
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
  await using old = await fakeServer({ answer: "hang up" });
  const error = await rejected(openSocket(at(old.port, "sslmode=require&sslnegotiation=direct")));
  assertStringIncludes(error.hints.join(), "PostgreSQL 17");
});
