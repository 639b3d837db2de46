/** Whether a model file is one of a recipe's own: what reads a file asks first. */
import { FormatError } from "../errors.js";

/**
 * @param metadata the file's
 * @param what is expected, for people: "tagger"
 * @param commands that write such files
 * @throws FormatError naming the file and what its model is for, when that is another task
 */
export function checkTask(
  { task }: Readonly<Record<string, unknown>>,
  expected: string,
  name: string,
  what: string,
  commands: readonly string[],
): void {
  if (task === expected) return;
  const found = typeof task === "string" ? `it is for "${task}"` : "it names no task";
  const writers = commands.map((command) => `\`${command}\``).join(" or ");
  throw new FormatError(`${name}: this is no ${what}: ${found}. Give a file that ${writers} wrote.`);
}
