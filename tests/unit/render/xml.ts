/** A strict reader of the XML that mig writes: elements, attributes in double quotes, the five entities, no more. */

/** What an image says. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (XmlElement | string)[];
}

/** Reads one element with all that is in it; throws where the text is not well-formed. */
export function readXml(text: string): XmlElement {
  // XML 1.0, section 2.2: what is no Char may not occur at all, not even as a reference.
  const wrong = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.exec(text);
  if (wrong !== null) throw new Error(`U+${wrong[0].codePointAt(0)!.toString(16)} is no character of XML`);
  const open: { name: string; attributes: Record<string, string>; children: (XmlElement | string)[] }[] = [
    { name: "", attributes: {}, children: [] },
  ];
  for (let at = 0; at < text.length;) {
    const piece = /(?:<\/([\w:]+)>|<([\w:]+)((?:\s+[\w:]+="[^"<]*")*)\s*(\/?)>|([^<]+))/y;
    piece.lastIndex = at;
    const match = piece.exec(text);
    if (match === null) throw new Error(`not well-formed at ${JSON.stringify(text.slice(at, at + 60))}`);
    at = piece.lastIndex;
    const [, end, start, attributes, empty, words] = match;
    if (words !== undefined) open.at(-1)!.children.push(unescaped(words));
    if (start !== undefined) {
      const element = { name: start, attributes: readAttributes(attributes!), children: [] };
      open.at(-1)!.children.push(element);
      if (empty === "") open.push(element);
    }
    if (end !== undefined && open.pop()!.name !== end) throw new Error(`</${end}> closes something else`);
  }
  const [root] = open[0]!.children;
  if (open.length > 1 || root === undefined || typeof root === "string" || open[0]!.children.length > 1) {
    throw new Error("not one element");
  }
  return root;
}

/** All elements of a name, in their order. */
export function elements(root: XmlElement, name: string): XmlElement[] {
  const inside = root.children.flatMap((child) => typeof child === "string" ? [] : elements(child, name));
  return root.name === name ? [root, ...inside] : inside;
}

/** The text in an element. */
export function textIn(element: XmlElement): string {
  return element.children.map((child) => typeof child === "string" ? child : textIn(child)).join("");
}

function readAttributes(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(/([\w:]+)="([^"]*)"/g)) {
    if (name! in found) throw new Error(`the attribute ${name} is there twice`);
    found[name!] = unescaped(value!);
  }
  return found;
}

function unescaped(text: string): string {
  return text.replaceAll(/&([^;]*;?)/g, (whole, name) => {
    const letter = ENTITIES[name];
    if (letter === undefined) throw new Error(`${whole} is no entity`);
    return letter;
  });
}

const ENTITIES: Readonly<Record<string, string>> = {
  "amp;": "&",
  "lt;": "<",
  "gt;": ">",
  "quot;": '"',
  "apos;": "'",
};
