/** Certificates for the tests, made with openssl. */

export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** The authority that signed it. */
  readonly ca: string;
}

/** A made authority in a folder, and the certificates that it signs there. */
export class Authority {
  readonly file: string;

  private constructor(readonly folder: string) {
    this.file = `${folder}/ca.crt`;
  }

  /** Makes an authority; null where there is no openssl. */
  static async make(folder: string): Promise<Authority | null> {
    const authority = new Authority(folder);
    try {
      await openssl(
        folder,
        "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 2 -subj /CN=test-authority",
      );
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    }
    return authority;
  }

  /** Signs a certificate for these names, e.g. `DNS:localhost,IP:127.0.0.1`; expired with `days` below zero. */
  async sign(name: string, names: string, days = 2): Promise<Certificate> {
    await Deno.writeTextFile(`${this.folder}/${name}.ext`, `subjectAltName=${names}\n`);
    await openssl(
      this.folder,
      `req -newkey rsa:2048 -nodes -keyout ${name}.key -out ${name}.csr -subj /CN=${name}`,
    );
    await openssl(
      this.folder,
      `x509 -req -in ${name}.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out ${name}.crt -days ${days} -extfile ${name}.ext`,
    );
    const read = (file: string) => Deno.readTextFile(`${this.folder}/${file}`);
    return { key: await read(`${name}.key`), cert: await read(`${name}.crt`), ca: await read("ca.crt") };
  }
}

async function openssl(folder: string, args: string): Promise<void> {
  const command = new Deno.Command("openssl", {
    args: args.split(" "),
    cwd: folder,
    stdout: "null",
    stderr: "piped",
  });
  const { success, stderr } = await command.output();
  if (!success) throw new Error(`openssl ${args}: ${new TextDecoder().decode(stderr)}`);
}
