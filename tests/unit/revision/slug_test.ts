import { assert, assertEquals } from "@std/assert";
import { slugOf } from "../../../src/revision/slug.ts";

Deno.test("slugOf() writes a message in letters, digits and underscores", () => {
  assertEquals(slugOf("phone number"), "phone_number");
  assertEquals(slugOf("  Add `users.e-mail`, v2! "), "add_users_e_mail_v2");
  assertEquals(slugOf("../../etc/passwd; rm -rf $HOME"), "etc_passwd_rm_rf_home");
});

Deno.test("slugOf() writes letters with marks without them", () => {
  assertEquals(slugOf("Größe für Łódź, smørrebrød, cœur"), "grosse_fur_lodz_smorrebrod_coeur");
});

Deno.test("slugOf() of letters that ASCII does not know is empty", () => {
  assertEquals(slugOf("電話番号"), "");
  assertEquals(slugOf("電話 phone"), "phone");
});

Deno.test("slugOf() stops at a whole word before 40 characters, and cuts a longer one", () => {
  const slug = slugOf("add the telephone number of every customer to the table");
  assertEquals(slug, "add_the_telephone_number_of_every");
  assert(slug.length <= 40);
  assertEquals(slugOf("x".repeat(80)), "x".repeat(40));
});
