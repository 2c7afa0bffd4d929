/**
 * Bun's node:crypto and node:tls take six milliseconds to load, of the forty that `mig status` has, and the others four; the driver
 * imports them for the servers that ask for a password or have TLS, we for hooks, editors, `.env` and names of hosts. In a bundle
 * they are loaded when the first thing of them is used.
 */

import process from "node:process";

const LATE = [
  "node:crypto",
  "node:tls",
  "node:net",
  "node:stream",
  "node:child_process",
  "node:os",
  "node:util",
  "node:dns/promises",
];

/** The code of a chunk, with the imports of those modules turned into constants that load them at their first use. */
export function withLateBuiltins(code: string): string {
  return code.replaceAll(IMPORT, (whole: string, clause: string, module: string) => {
    if (!LATE.includes(module)) return whole;
    const get = `globalThis.process.getBuiltinModule("${module}")`;
    if (/^[\w$]+$/.test(clause)) {
      return `const ${clause} = new Proxy({}, { get: (_, name) => ${get}[name] });`;
    }
    const names = /^\{([^}]*)\}$/.exec(clause)?.[1]?.split(",").map((name) => name.trim()).filter(Boolean);
    // Not a function, perhaps: a namespace, or a default beside names.
    if (names === undefined || names.some((name) => !isFunction(module, name))) return whole;
    return names.map((name) => {
      const [imported, local = imported] = name.split(/\s+as\s+/);
      return `const ${local} = (...args) => ${get}.${imported}(...args);`;
    }).join(" ");
  });
}

/** An import at the beginning of a line, as the bundler writes it. */
const IMPORT = /^import (.+?) from "(node:[\w/]+)";$/gm;

function isFunction(module: string, name: string): boolean {
  const [imported = ""] = name.split(/\s+as\s+/);
  const value = (process.getBuiltinModule(module) as Readonly<Record<string, unknown>>)[imported];
  // A class would not be one any more.
  return typeof value === "function" && !/^[A-Z]/.test(imported);
}
