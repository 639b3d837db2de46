/** Check whether a model file belongs to a recipe: what reads a file asks first. */
import { FormatError } from "../errors.js";
import { expectParts, expectText } from "../tensor/expect-text.js";
import type { TaskFacts } from "./recipe.js";

/**
 * Checks what `asClassifier` and its like are given.
 *
 * @param owner that function, for messages
 * @param loaded the model and metadata of a file
 * @param name the file's, for messages
 * @throws FormatError naming the file, what its model is for and what writes those that are expected, when that is another task
 */
export function checkLoaded(
  owner: string,
  loaded: { readonly metadata: Readonly<Record<string, unknown>> },
  expected: TaskFacts,
  name: string,
): void {
  expectParts(`${owner}: loaded`, loaded, ["metadata"]);
  expectText(`${owner}: name`, name);
  const { task } = loaded.metadata;
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
