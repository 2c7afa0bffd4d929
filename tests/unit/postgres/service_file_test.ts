import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readService } from "../../../src/postgres/service_file.ts";
import { systemSurroundings } from "../../../src/postgres/surroundings.ts";
import { caught, told } from "./literals.ts";

const FILE =
  "# ours\n[dev]\nhost=localhost\n\n[live]\n host = db.example\nport=6000\r\npassword=a=b\n[other]\nhost=x\n";

Deno.test("readService() gives the keywords of one service", () => {
  const found = readService(FILE, "f", "live")!;
  assertEquals([...found].map(([name, { value }]) => [name, value]), [
    ["host", "db.example"],
    ["port", "6000"],
    ["password", "a=b"],
  ]);
  assertEquals(readService(FILE, "f", "none"), undefined);
});

Deno.test("readService() names the line that is no parameter and does not show it", () => {
  const error = caught(() => readService("[s]\nhost=h\nTOKEN\n", "conf", "s"));
  assertEquals(error.locations, [{ path: "conf", line: 3 }]);
  assert(!told(error).includes("TOKEN"));
});

Deno.test("systemSurroundings() finds services in the home folder and in PGSERVICEFILE", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/.pg_service.conf`, FILE);
    await Deno.writeTextFile(`${folder}/mine.conf`, "[mine]\nhost=m\n");
    const around = systemSurroundings({ HOME: folder, APPDATA: folder });
    if (Deno.build.os !== "windows") {
      assertEquals(around.service("dev", undefined).get("host")?.value, "localhost");
    }
    assertEquals(around.service("mine", `${folder}/mine.conf`).get("host")?.value, "m");
    const error = caught(() => around.service("mins", `${folder}/mine.conf`));
    assertStringIncludes(error.hints.join(), '"mine"');
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("systemSurroundings() knows the user where the environment is silent", () => {
  assert((systemSurroundings({}).user() ?? "") !== "");
});
