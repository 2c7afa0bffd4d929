/**
 * WebAssembly that is compiled once. Programs of Emscripten's compile themselves at each start, pg_dump among them, and a module
 * of some forty bytes for each function of JavaScript that they are to call. An engine does that in the threads which also
 * optimize what has been running: on two cores a second database waits half a second for the first one's code, however small
 * its own module is.
 */

import { Buffer } from "node:buffer";

interface Compiled {
  readonly bytes: Uint8Array;
  readonly module: WebAssembly.Module;
}

/** Of the largest that is kept, in bytes: pg_dump has 700 kB. */
const LARGEST = 4 << 20;

const compiled: Compiled[] = [];
let users = 0;

/** Does something in which the same bytes are compiled only the first time. */
export async function compilingOnce<T>(act: () => Promise<T>): Promise<T> {
  if (users++ === 0) Object.assign(WebAssembly, REPLACED);
  try {
    return await act();
  } finally {
    if (--users === 0) Object.assign(WebAssembly, OWN);
  }
}

const OWN = { Module: WebAssembly.Module, instantiate: WebAssembly.instantiate };

const REPLACED = {
  Module: new Proxy(OWN.Module, {
    construct: (_, [source]: [BufferSource]) => moduleOf(source),
  }),
  async instantiate(source: BufferSource | WebAssembly.Module, imports?: WebAssembly.Imports) {
    if (source instanceof OWN.Module) return await OWN.instantiate(source, imports);
    const module = find(bytesOf(source)) ?? keep(bytesOf(source), await WebAssembly.compile(source));
    return { module, instance: await OWN.instantiate(module, imports) };
  },
};

function moduleOf(source: BufferSource): WebAssembly.Module {
  const bytes = bytesOf(source);
  return find(bytes) ?? keep(bytes, new OWN.Module(source));
}

function find(bytes: Uint8Array): WebAssembly.Module | undefined {
  return compiled.find((other) =>
    other.bytes.length === bytes.length && Buffer.compare(other.bytes, bytes) === 0
  )?.module;
}

function keep(bytes: Uint8Array, module: WebAssembly.Module): WebAssembly.Module {
  if (bytes.length <= LARGEST) compiled.push({ bytes: new Uint8Array(bytes), module });
  return module;
}

function bytesOf(source: BufferSource): Uint8Array {
  return source instanceof ArrayBuffer
    ? new Uint8Array(source)
    : new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
}
