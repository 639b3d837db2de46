/** The programs besides Node that run the package, where this machine has them: DENO_PATH and BUN_PATH, else PATH. */
import { existsSync } from "node:fs";
import path from "node:path";

/** The path of a program, or undefined. @param {"deno" | "bun"} name */
export function findHost(name, env = process.env) {
  const asked = env[`${name.toUpperCase()}_PATH`];
  if (asked) return asked;
  const folders = (env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "");
  return folders
    .flatMap((folder) => [path.join(folder, name), path.join(folder, `${name}.exe`)])
    .find((file) => existsSync(file));
}
