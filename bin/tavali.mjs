#!/usr/bin/env node
// The command `tavali`. In a clone, where nothing is built yet, it sets itself up first.
import { existsSync } from "node:fs";

const main = new URL("../dist/cli/main.js", import.meta.url);
const setup = new URL("../scripts/setup.mjs", import.meta.url);

if (!existsSync(main) && existsSync(setup)) {
  const { build, checkNode, ensureDependencies } = await import(setup.href);
  checkNode();
  await ensureDependencies();
  await build();
}
if (existsSync(main)) {
  await import(main.href);
} else {
  console.error(
    "This copy of tavali is incomplete: dist/cli/main.js is missing. Install it again: npm install tavali@latest",
  );
  process.exitCode = 1;
}
