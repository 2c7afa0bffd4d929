/** Goes through SQL from statement to statement, and notes what else it meets outside of quotes. */

import { Lexer, UnclosedError } from "./lexer.ts";
import { type MetaCommand, metaCommandAt } from "./meta_command.ts";
import { OpenStatement } from "./open_statement.ts";

/** A `-- mig:` comment. Offsets are UTF-16 units. */
export interface Directive {
  readonly start: number;
  readonly text: string;
}

/** A walk through one text. */
export class StatementWalk {
  readonly lexer: Lexer;
  /** The statement that was walked through last, or stands open at the text's end. */
  open: OpenStatement | null = null;
  /** What was met so far. */
  directives: Directive[] = [];
  commands: MetaCommand[] = [];
  /** Where the last token begins that does end. */
  #token: number;

  constructor(readonly text: string, at = 0) {
    this.lexer = new Lexer(text, at);
    this.#token = at;
  }

  /**
   * Goes to the semicolon that ends the next statement, which is `open` then; the lexer stands behind the semicolon.
   *
   * @returns false at the end of the text
   * @throws {UnclosedError} for a quote or comment that does not end
   */
  toSemicolon(): boolean {
    const { lexer, text } = this;
    this.open = null;
    while (lexer.next()) {
      const { kind, start } = lexer;
      this.#token = start;
      if (kind === "space") continue;
      if (kind === "comment") {
        if (isDirective(text, start)) this.directives.push({ start, text: lexer.token });
        continue;
      }
      const code = kind === "symbol" ? text.charCodeAt(start) : 0;
      if (code === BACKSLASH) {
        const command = metaCommandAt(text, start, this.open);
        this.commands.push(command);
        lexer.end = command.end;
      } else if (code === SEMICOLON && !this.open?.holdsSemicolons) {
        if (this.open !== null) return true;
      } else {
        this.open ??= new OpenStatement(start);
        this.open.take(lexer);
      }
    }
    return false;
  }

  /**
   * The statement at the text's end that has no semicolon; null where there is none.
   *
   * @throws {UnclosedError} when it cannot end there
   */
  finish(): OpenStatement | null {
    this.open?.finish();
    if (this.open?.copies) throw new UnclosedError("COPY", this.open.start, NO_DATA);
    return this.open;
  }

  /** Where to begin again should the text turn out to go on: everything before is as it is whatever follows. */
  get resumeAt(): number {
    const { open, lexer, text } = this;
    // At the end of the text the lexer stands behind the last token, and at one that does not end on its beginning.
    return open?.start ?? (lexer.start < text.length ? lexer.start : this.#token);
  }
}

function isDirective(text: string, comment: number): boolean {
  DIRECTIVE.lastIndex = comment;
  return DIRECTIVE.test(text);
}

const SEMICOLON = 0x3b, BACKSLASH = 0x5c;
const NO_DATA = "write a semicolon, its data in the lines below, and a line `\\.`";
const DIRECTIVE = /--[ \t]*mig[ \t]*:/iy;
