import { assert } from "@std/assert";
import { sameStatements } from "../../../src/sql/same_statements.ts";

Deno.test("sameStatements() does not mind comments and the width of blank space", () => {
  const text = "create table a (i int, s text default 'a  b');\ninsert into a values (1, '--');\n";
  assert(sameStatements(text, `-- people\n${text}`));
  assert(sameStatements(text, text.replace("i int,", "i   int, -- a number\n  /* a text */")));
  assert(sameStatements(text, text.replaceAll("\n", "\r\n")));
  assert(sameStatements("-- mig: lock-timeout 5s\nselect 1;", "select 1;"));
});

Deno.test("sameStatements() minds all else, and what it cannot tell", () => {
  const differ = (a: string, b: string) => assert(!sameStatements(a, b), `${a} | ${b}`);
  differ("select 1;", "select 2;");
  differ("select 1;", "select 1; select 1;");
  differ("select 'a b';", "select 'a  b';");
  differ("select 1 <= 2;", "select 1 < = 2;");
  differ("select 'a'\n'b';", "select 'a' 'b';");
  differ("select $$ -- one $$;", "select $$ -- two $$;");
  differ("select 1;", "-- mig: no-transaction\nselect 1;");
  differ("-- mig: env A\nselect '${A}', '${B}';", "-- mig: env B\nselect '${A}', '${B}';");
  differ("copy a from stdin;\n1 -- x\n\\.\n", "copy a from stdin;\n1 -- y\n\\.\n");
  differ("select 1;", "select 'open;");
});
