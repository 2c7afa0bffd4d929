/** Fills in `${VARIABLE}` in the strings of mig.json; `$${` stands for `${` itself. */

/** What is wrong with a reference, and the text from which it can be found. */
export interface ReferenceFault {
  readonly message: string;
  readonly hint: string;
  readonly reference: string;
}

/** The text with every reference filled in, or what is wrong with them. Values are never repeated, only names. */
export function expand(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): { readonly value: string } | { readonly faults: readonly ReferenceFault[] } {
  const faults: ReferenceFault[] = [];
  const value = text.replace(
    /\$\$\{|\$\{([A-Za-z_]\w*)\}|\$\{/g,
    (reference, name: string | undefined, at: number) => {
      if (reference === "$${") return "${";
      if (name === undefined) {
        faults.push({
          message: '"${" begins no reference to a variable',
          hint: 'write ${NAME}, or "$${" for "${" itself',
          reference: text.slice(at),
        });
        return reference;
      }
      const found = Object.hasOwn(env, name) ? env[name] : undefined;
      if (found === undefined) {
        faults.push({
          message: `the environment variable ${name} is not set`,
          hint: `set ${name}, or put it into .env beside mig.json`,
          reference,
        });
      }
      return found ?? reference;
    },
  );
  return faults.length === 0 ? { value } : { faults };
}

/** Whether a text refers to a variable, so that only the filled-in text can be judged. */
export function hasReference(text: string): boolean {
  return text.includes("${");
}
