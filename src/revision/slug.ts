/** Short names for files and the command line, made of messages. */

/** Letters that Unicode does not take apart into a letter of ASCII and a mark. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ð: "d",
  þ: "th",
  ł: "l",
  ı: "i",
};

/**
 * A message as a word of a to z, 0 to 9 and `_`, of at most 40 characters and where possible whole words; empty where
 * the message has no letter that can be written so. ASCII, since git and zip disagree on how to store other names.
 */
export function slugOf(message: string): string {
  const words = message.toLowerCase().normalize("NFKD").replace(/\p{Mark}/gu, "")
    .replace(/[^\0-\x7f]/g, (letter) => LETTERS[letter] ?? " ")
    .match(/[a-z0-9]+/g) ?? [];
  let slug = words[0]?.slice(0, 40) ?? "";
  for (const word of words.slice(1)) {
    if (slug.length + 1 + word.length > 40) break;
    slug += `_${word}`;
  }
  return slug;
}
