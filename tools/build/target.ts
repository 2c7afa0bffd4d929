/** The platforms that mig is built for. */

/** A platform, and what the release and Bun call it. */
export interface Target {
  /** As in the names of the released files. */
  readonly name: string;
  /** The npm package @oven/<runtime> that carries Bun for it. */
  readonly runtime: string;
  /** Of that package at `BUN_VERSION`, as npm has it: what goes into the executable is what was tried here. */
  readonly integrity: string;
  /** As Bun's --target has it. */
  readonly bun: string;
  /** The executable's ending. */
  readonly suffix: "" | ".exe";
}

/** Every platform of a release. */
export const TARGETS: readonly Target[] = [
  {
    name: "linux-x64",
    runtime: "bun-linux-x64-baseline",
    integrity:
      "sha512-s8yMwYcFnnrA178gji0gZbkE2WVDej/Ti1x770oPfihxyRxSMNhGhiAQNXV53aDeraZxksdvKV/RAdQBCd0qPA==",
    bun: "bun-linux-x64-baseline",
    suffix: "",
  },
  {
    name: "linux-arm64",
    runtime: "bun-linux-aarch64",
    integrity:
      "sha512-4BXmsSKnjOrlGWqZV4x/oWa7AVoR+B6lCXddMzOAXBIm3t50eslg9wb66gmtW1AamEQ1l1CDvmmruysEhqOWMg==",
    bun: "bun-linux-arm64",
    suffix: "",
  },
  {
    name: "linux-x64-musl",
    runtime: "bun-linux-x64-musl-baseline",
    integrity:
      "sha512-cWJhU8h0+MiUgpSt99sQhjxLIIosKEcKYdtKddohokUvAuN6jKOy7g7+QDTZTXtwHxz93wL3BX+L6wXVPDUH3A==",
    bun: "bun-linux-x64-musl-baseline",
    suffix: "",
  },
  {
    name: "linux-arm64-musl",
    runtime: "bun-linux-aarch64-musl",
    integrity:
      "sha512-XCNc+WvvMAdNNb+OWTogpy+N9wm62fkVeEVLb6how0RZhW5LPi6c7BlkeVCuWps7XjEl2saFpHFa20/1E+PAHg==",
    bun: "bun-linux-arm64-musl",
    suffix: "",
  },
  {
    name: "macos-x64",
    runtime: "bun-darwin-x64-baseline",
    integrity:
      "sha512-zqfLA5A4B+hYMh5WYzYSot3uZ06FzhdP0OEwQisEzdirYtXGj5cQFlfy31BGfNsAsk1Gd/w/OxJ/jqqJ3cMclw==",
    bun: "bun-darwin-x64-baseline",
    suffix: "",
  },
  {
    name: "macos-arm64",
    runtime: "bun-darwin-aarch64",
    integrity:
      "sha512-4MIFXHmctH2EhAxLXm2/qxNtv17dFtLJylvaOCsrgq6KSqHTs6eW5YSrJjRbJxYUJaR901fsN8JfZOa+CsWpWQ==",
    bun: "bun-darwin-arm64",
    suffix: "",
  },
  {
    name: "windows-x64",
    runtime: "bun-windows-x64-baseline",
    integrity:
      "sha512-/U3Dc74uGqE6EUqef7mPtg9KwJs7iJH4JHRMfIZIn18MrJh6Xz4gVvWDXRvzCL2j8wPlTnJVyrO4n7Qq4uM7TQ==",
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
