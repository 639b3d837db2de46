/** Finds a Chromium or Chrome on this machine for the browser tests. Nothing is ever downloaded. */
import { existsSync } from "node:fs";
import path from "node:path";
import { stop } from "./setup.mjs";

const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];
const names = ["google-chrome", "google-chrome-stable", "chromium", "chromium-browser"];

/**
 * The path of a browser, or undefined. `CHROMIUM_PATH` wins; when it names no file the program stops,
 * since whoever set it expects the browser tests to run.
 */
export function findChromium(env = process.env) {
  const asked = env.CHROMIUM_PATH;
  if (asked) {
    if (!existsSync(asked)) {
      stop(`CHROMIUM_PATH is "${asked}", but there is no such file. Set it to a browser, or unset it.`);
    }
    return asked;
  }
  const folders = (env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "");
  const onPath = folders.flatMap((folder) => names.map((name) => path.join(folder, name)));
  return [...places, ...onPath].find((file) => existsSync(file));
}
