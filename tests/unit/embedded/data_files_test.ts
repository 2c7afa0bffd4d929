import { assertEquals } from "@std/assert";
import { dataFiles, type Files, putData, withoutSpareWal } from "../../../src/embedded/data_files.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (content: Uint8Array | null) => content === null ? null : new TextDecoder().decode(content);

type Node = ReturnType<Files["mknod"]>;

/** As much of Emscripten's MEMFS as is used here; its msync() calls its own write(), as there. */
function memory(): { readonly files: Files; readonly nodes: ReadonlyMap<string, Node> } {
  const nodes = new Map<string, Node>();
  const folders = new Set<string>();
  const operations: Node["stream_ops"] = {
    write({ node }, bytes, offset, length, at) {
      node.contents.set(bytes.subarray(offset, offset + length), at);
      return length;
    },
    msync: (stream, bytes, at, length) => (operations.write(stream, bytes, 0, length, at), 0),
  };
  const files: Files = {
    mkdirTree: (path) => void folders.add(path),
    mknod(path, mode) {
      const node = { mode, contents: new Uint8Array(), usedBytes: 0, stream_ops: operations };
      nodes.set(path, node);
      return node;
    },
    readdir: (path) =>
      [...nodes.keys(), ...folders].filter((name) =>
        name.startsWith(`${path.replace(/\/$/, "")}/`) &&
        !name.slice(path.replace(/\/$/, "").length + 1).includes("/")
      ).map((name) => name.slice(name.lastIndexOf("/") + 1)),
    lookupPath: (path) => ({ node: nodes.get(path) ?? { ...nodes.values().next().value!, mode: 0o040700 } }),
    isDir: (mode) => mode === 0o040700,
  };
  return { files, nodes };
}

Deno.test("a file that is put in is shared until it is written to, however that is done", () => {
  const shared = bytes("as it was");
  for (const way of ["write", "msync"] as const) {
    const { files, nodes } = memory();
    putData(files, [{ name: "base/1/1", content: shared }, { name: "base/1/2", content: shared }]);
    const [one, two] = [nodes.get("/pglite/data/base/1/1")!, nodes.get("/pglite/data/base/1/2")!];
    if (way === "write") one.stream_ops.write({ node: one }, bytes("AS"), 0, 2, 0);
    else one.stream_ops.msync({ node: one }, bytes("AS"), 0, 2, 0);
    one.stream_ops.write({ node: one }, bytes("!"), 0, 1, 8);
    assertEquals(text(one.contents), "AS it wa!", way);
    assertEquals(two.contents, shared);
    assertEquals(text(shared), "as it was");
  }
});

Deno.test("what is put in is what is read, as far as the files go", () => {
  const { files, nodes } = memory();
  const entries = [
    { name: "PG_VERSION", content: bytes("18\n") },
    { name: "base", content: null },
    { name: "base/1", content: bytes("one") },
  ];
  putData(files, entries);
  assertEquals(dataFiles(files), entries);
  nodes.get("/pglite/data/base/1")!.usedBytes = 2;
  assertEquals(text(dataFiles(files)[2]!.content), "on");
});

Deno.test("withoutSpareWal() leaves out the segments behind the current one, and nothing else", () => {
  const names = [
    "pg_wal/000000010000000000000007",
    "pg_wal/000000010000000000000008",
    "pg_wal/000000010000000000000009",
    "pg_wal/archive_status",
    "postgresql.conf",
  ];
  const entries = names.map((name) => ({ name, content: null }));
  assertEquals(
    withoutSpareWal(entries, "000000010000000000000008").map(({ name }) => name),
    names.filter((_, at) => at !== 2),
  );
});
