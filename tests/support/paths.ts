/** File URLs as paths. */

/** The path of a file URL, on Windows without the slash before the drive. */
export function fromFileUrl(url: URL): string {
  const path = decodeURIComponent(url.pathname);
  return Deno.build.os === "windows" ? path.replace(/^\//, "") : path;
}
