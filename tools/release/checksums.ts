/** The checksums of released files, as `sha256sum -c` reads them. */

/** The file's name, as in the release. */
export const CHECKSUMS = "SHA256SUMS";

/** The lines for files in a folder, in the order of their names. */
export async function checksumsOf(folder: string, names: readonly string[]): Promise<string> {
  let lines = "";
  for (const name of [...names].sort()) {
    const hash = await crypto.subtle.digest("SHA-256", await Deno.readFile(`${folder}/${name}`));
    lines += `${new Uint8Array(hash).toHex()}  ${name}\n`;
  }
  return lines;
}
