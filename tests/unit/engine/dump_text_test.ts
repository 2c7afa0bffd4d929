import { assertEquals } from "@std/assert";
import { compareDumps } from "../../../src/engine/shadow/dump_text.ts";

const VIEW = "CREATE VIEW public.v AS\n SELECT 1 AS one;";

/** A view as pg_dump writes it. */
function dumped(sql: string): string {
  return `--\n-- Name: v; Type: VIEW; Schema: public; Owner: boss\n--\n\n${sql}\n\n\n`;
}

function owned(sql: string, owner = "boss"): string {
  return dumped(`${sql}\n\n\nALTER VIEW public.v OWNER TO ${owner};`);
}

function compare(before: string, after: string) {
  return compareDumps(before, after).map(({ title, before, after }) => [title, before, after]);
}

Deno.test("compareDumps() shows what is on one side, or differs, without its owner", () => {
  const other = VIEW.replace("1", "2");
  assertEquals(compare("", owned(VIEW)), [["view public.v", null, VIEW]]);
  assertEquals(compare(owned(VIEW), ""), [["view public.v", VIEW, null]]);
  assertEquals(compare(owned(VIEW), owned(other)), [["view public.v", VIEW, other]]);
});

Deno.test("compareDumps() shows the owners where they differ", () => {
  const [[title, before, after] = []] = compare(owned(VIEW), owned(VIEW, '"the clerk"'));
  assertEquals(title, "view public.v");
  assertEquals(before!.endsWith("ALTER VIEW public.v OWNER TO boss;"), true);
  assertEquals(after!.endsWith('ALTER VIEW public.v OWNER TO "the clerk";'), true);
  const alone = "ALTER SCHEMA public OWNER TO boss;";
  assertEquals(compare("", dumped(alone)), [["view public.v", null, alone]]);
});
