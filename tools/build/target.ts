/** The platforms that mig is built for. */

/** A platform, and what the release and Bun call it. */
export interface Target {
  /** As in the names of the released files. */
  readonly name: string;
  /** The npm package @oven/<runtime> that carries Bun for it. */
  readonly runtime: string;
  /** As Bun's --target has it. */
  readonly bun: string;
  /** The executable's ending. */
  readonly suffix: "" | ".exe";
}

/** Every platform of a release. */
export const TARGETS: readonly Target[] = [
  { name: "linux-x64", runtime: "bun-linux-x64-baseline", bun: "bun-linux-x64-baseline", suffix: "" },
  { name: "linux-arm64", runtime: "bun-linux-aarch64", bun: "bun-linux-arm64", suffix: "" },
  {
    name: "linux-x64-musl",
    runtime: "bun-linux-x64-musl-baseline",
    bun: "bun-linux-x64-musl-baseline",
    suffix: "",
  },
  { name: "linux-arm64-musl", runtime: "bun-linux-aarch64-musl", bun: "bun-linux-arm64-musl", suffix: "" },
  { name: "macos-x64", runtime: "bun-darwin-x64-baseline", bun: "bun-darwin-x64-baseline", suffix: "" },
  { name: "macos-arm64", runtime: "bun-darwin-aarch64", bun: "bun-darwin-arm64", suffix: "" },
  {
    name: "windows-x64",
    runtime: "bun-windows-x64-baseline",
    bun: "bun-windows-x64-baseline",
    suffix: ".exe",
  },
];

/** Bun's version, of the compiler and of the runtime inside. */
export const BUN_VERSION = "1.4.5";

/** The platform that this runs on. */
export function hostTarget(): Target {
  const system = { linux: "linux", darwin: "macos", windows: "windows" }[Deno.build.os as string];
  const machine = { x86_64: "x64", aarch64: "arm64" }[Deno.build.arch as string];
  const musl = Deno.build.target.includes("musl") ? "-musl" : "";
  return targetNamed(`${system}-${machine}${musl}`);
}

/** @throws {Error} for a name that is none */
export function targetNamed(name: string): Target {
  const target = TARGETS.find((target) => target.name === name);
  if (target !== undefined) return target;
  throw new Error(`there is no target "${name}"; there are ${TARGETS.map(({ name }) => name).join(", ")}`);
}
