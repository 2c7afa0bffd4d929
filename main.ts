/** The entry for Deno, Node and Bun. */

import process from "node:process";
import { run } from "./src/cli/run.ts";

process.exit(await run(process.argv.slice(2)));
