import { assertEquals } from "@std/assert";
import { posix, win32 } from "node:path";
import { pathFrom } from "../../../src/cli/config/text.ts";

Deno.test("pathFrom() names a path from the working folder", () => {
  const from = (path: string) => pathFrom("/home/ann/shop", path, posix);
  assertEquals(from("/home/ann/shop"), ".");
  assertEquals(from("/home/ann/shop/db/migrations"), "db/migrations");
  assertEquals(from("/home/ann/mig.json"), "../mig.json");
  // Here it is a letter like others.
  assertEquals(from("/home/ann/shop/db\\migrations"), "db\\migrations");
});

Deno.test("pathFrom() separates folders by / on Windows too, whatever the drive", () => {
  const from = (path: string) => pathFrom("C:\\Users\\Ann\\shop", path, win32);
  assertEquals(from("C:\\Users\\Ann\\shop"), ".");
  assertEquals(from("C:\\Users\\Ann\\shop\\db\\migrations"), "db/migrations");
  assertEquals(from("c:\\users\\ann\\shop\\db"), "db");
  assertEquals(from("C:\\Users\\Ann\\mig.json"), "../mig.json");
  assertEquals(from("D:\\shared\\migrations"), "D:/shared/migrations");
  assertEquals(from("\\\\server\\share\\migrations"), "//server/share/migrations");
  assertEquals(from("\\\\?\\D:\\a\\b"), "\\\\?\\D:\\a\\b");
});

Deno.test("pathFrom() gives what Windows resolves to the same place again", () => {
  const cwd = "C:\\Users\\Ann\\shop";
  for (const path of ["C:\\Users\\Ann\\shop\\a b\\ü", "C:\\x", "D:\\y\\z", "\\\\server\\share\\m"]) {
    assertEquals(win32.resolve(cwd, pathFrom(cwd, path, win32)), path);
  }
});
