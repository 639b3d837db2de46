/** Checks of the paths that were typed, the same for every command: none is empty, and nothing is written over what is read. */

import fs from "node:fs";
import type { Command } from "commander";
import { UsageError } from "../errors.js";

/** Pattern of values that are paths, in help texts. */
const pathValue = /<(path|file|files\.\.\.|folder)>/;
/** Options that name a file to be written, by the names that commander gives them. */
const written = ["out", "html"];

/**
 * @throws UsageError naming an option or argument that is empty, or two that are one file
 */
export function checkPaths(command: Command): void {
  const typed: { readonly name: string; readonly path: string }[] = [];
  const outputs: typeof typed = [];
  command.registeredArguments.forEach((argument, i) => {
    if (argument.name() === "model") typed.push({ name: "the model", path: String(command.processedArgs[i]) });
  });
  for (const option of command.options.filter(({ flags }) => pathValue.test(flags))) {
    const values = [command.getOptionValue(option.attributeName())].flat();
    const paths = values.filter((value): value is string => typeof value === "string");
    const found = paths.map((path) => ({ name: option.long ?? option.flags, path }));
    (written.includes(option.attributeName()) ? outputs : typed).push(...found);
  }
  const empty = [...typed, ...outputs].find(({ path }) => path === "");
  if (empty) throw new UsageError(`${command.name()}: ${empty.name} is empty; give a path.`);
  for (const output of outputs) {
    const same = typed.find(({ path }) => isSameFile(path, output.path));
    if (!same) continue;
    throw new UsageError(
      `${command.name()}: ${output.name} would write over ${output.path}, which is read as ${same.name}; give another ${output.name}.`,
    );
  }
}

/** Whether both are one file, by whatever names. */
function isSameFile(a: string, b: string): boolean {
  try {
    const [first, second] = [fs.statSync(a, { bigint: true }), fs.statSync(b, { bigint: true })];
    return first.isFile() && first.dev === second.dev && first.ino === second.ino;
  } catch {
    return false;
  }
}
