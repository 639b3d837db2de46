/** Check whether a model file belongs to a recipe: what reads a file asks first. */
import { FormatError } from "../errors.js";
import type { TaskFacts } from "./recipe.js";

/**
 * @param metadata the file's
 * @param name the file's, for messages
 * @throws FormatError naming the file, what its model is for and what writes those that are expected, when that is another task
 */
export function checkTask({ task }: Readonly<Record<string, unknown>>, expected: TaskFacts, name: string): void {
  if (task === expected.task) return;
  const found = typeof task === "string" ? `it is for "${task}"` : "it names no task";
  throw new FormatError(`${name}: this is no ${expected.name}: ${found}. Expected ${writtenBy(expected)}.`);
}

/** "a tagger, which `tavali train tag` writes" */
export function writtenBy({ name, trainings }: TaskFacts): string {
  return `a ${name}, which ${commandNames(
    trainings.map((training) => `train ${training}`),
    "or",
  )} writes`;
}

/** Commands in quotes, as a list with a last word between the last two. */
export function commandNames(names: readonly string[], last: string): string {
  const quoted = names.map((name) => `\`tavali ${name}\``);
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} ${last} ${quoted.at(-1)}`;
}
